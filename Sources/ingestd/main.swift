import Glibc
import IngestCLI

exit(await IngestCLI.main())
