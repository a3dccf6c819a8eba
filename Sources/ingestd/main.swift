import Glibc
import IngestChaosCommand
import IngestCLI

exit(await IngestCLI.main(tree: .withChaos))
