import Glibc
import IngestCLI

// `ingestd` itself, which dies or stops where the tests say, and has the bug that they plant.
exit(await IngestCLI.main(compose: UnderFire.compose))
