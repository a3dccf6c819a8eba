import Glibc
import IngestCLI

// `ingestd` itself, which dies or stops where the tests say and contains the bug that they inject.
exit(await IngestCLI.main(compose: UnderFire.compose))
