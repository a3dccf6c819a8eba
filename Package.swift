// swift-tools-version: 6.2
import PackageDescription

/// The settings of every Swift target: strict concurrency, explicit existentials and imports, no warnings.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// Returns a C library of the system, imported through `Sources/<name>/shim.h`.
func system(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// Returns a target with the files of a top-level folder, compiled into the binary by C23 `#embed`.
func embedded(_ name: String, path: String, files: [String]) -> Target {
  .target(name: name, path: path, exclude: files, sources: ["embed"], publicHeadersPath: "embed/include")
}

func library(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: settings)
}

let package = Package(
  name: "ingestd",
  products: [
    .executable(name: "ingestd", targets: ["ingestd"]),
    .executable(name: "ingestd-parse", targets: ["ingestd-parse"]),
  ],
  targets: [
    system("CSystem", apt: "libc6-dev"),
    system("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
    system("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
    system("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
    system("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
    system("CPoppler", pkgConfig: "poppler-glib", apt: "libpoppler-glib-dev"),
    system("CSeccomp", pkgConfig: "libseccomp", apt: "libseccomp-dev"),

    embedded("SQLiteMigrations", path: "migrations", files: ["sqlite"]),
    embedded(
      "BuiltInWorkflows", path: "workflows", files: ["ingest.yaml", "delete.yaml", "reindex.yaml", "scan.yaml"]),

    library("IngestCore"),
    library("IngestSQL", ["CSQLite"]),
    library("IngestStore", ["IngestCore", "IngestSQL", "SQLiteMigrations"], exclude: ["DESIGN.md"]),
    library("IngestDigest", ["CCrypto"]),
    library("IngestProcess", ["CSystem"]),
    library("IngestHTTPClient", ["CCurl"]),
    library("IngestBlobs", ["IngestCore", "IngestDigest", "CSystem"]),
    library("IngestEngine", ["IngestCore"], exclude: ["DESIGN.md"]),
    library("IngestParserWire"),
    library("IngestDocuments", ["IngestCore", "IngestProcess", "IngestParserWire"]),
    library("IngestPDF", ["CPoppler"]),
    library("IngestEmbedding", ["IngestCore", "IngestHTTPClient", "IngestDigest"]),
    library("IngestIndex", ["IngestCore"]),
    library("IngestIndexSQLite", ["IngestCore", "IngestIndex", "IngestSQL"]),
    library(
      "IngestSteps",
      [
        "IngestCore", "IngestDigest", "IngestDocuments", "IngestEmbedding", "IngestHTTPClient", "IngestIndex",
        "IngestProcess",
      ]),
    library("IngestConfig", ["IngestCore", "IngestDigest", "CYAML", "BuiltInWorkflows"]),
    library("IngestIntake", ["IngestCore", "IngestDocuments"]),
    library("IngestOperations", ["IngestCore", "IngestDigest", "IngestDocuments", "IngestIndex", "IngestIntake"]),
    library(
      "IngestSimulation",
      [
        "IngestCore", "IngestDigest", "IngestDocuments", "IngestEmbedding", "IngestEngine", "IngestHTTPClient",
        "IngestIndex", "IngestIndexSQLite", "IngestOperations", "IngestSQL", "IngestSteps", "IngestStore",
      ]),
    // The stable JSON that every front door prints.
    library("IngestAPI", ["IngestCore", "IngestDocuments", "IngestIndex", "IngestIntake", "IngestOperations"]),
    // The composition root: opens a data folder and wires everything.
    library(
      "IngestApp",
      [
        "IngestCore", "IngestSQL", "IngestStore", "IngestProcess", "IngestBlobs", "IngestEngine", "IngestDocuments",
        "IngestEmbedding", "IngestHTTPClient", "IngestIndex", "IngestIndexSQLite", "IngestSteps", "IngestConfig",
        "IngestOperations", "IngestIntake",
      ]),
    library(
      "IngestCLI",
      ["IngestAPI", "IngestApp", "IngestCore", "IngestIntake", "IngestOperations", "IngestParserWire"]),
    // `ingestd chaos`, the only reason why the program contains the simulation.
    library("IngestChaosCommand", ["IngestApp", "IngestCLI", "IngestConfig", "IngestCore", "IngestSimulation"]),
    program("ingestd", ["IngestChaosCommand", "IngestCLI"]),
    program("ingestd-parse", ["IngestPDF", "IngestParserWire", "CSeccomp", "CSystem"]),
    // Used by `make bench`; not a product.
    .executableTarget(
      name: "ingestd-bench",
      dependencies: ["IngestApp", "IngestCore", "IngestIndex", "IngestIndexSQLite", "IngestSQL", "IngestStore"],
      path: "Benchmarks/ingestd-bench", swiftSettings: settings),

    // Checks for each reader of untrusted bytes, used by `make fuzz` and IngestHostileTests; not a product.
    .target(
      name: "IngestFuzz",
      dependencies: [
        "CSQLite", "IngestApp", "IngestChaosCommand", "IngestCLI", "IngestConfig", "IngestCore", "IngestDocuments",
        "IngestEmbedding", "IngestHTTPClient",
        "IngestIndex", "IngestIndexSQLite", "IngestParserWire", "IngestProcess", "IngestSteps",
      ],
      path: "Fuzz/Harness", swiftSettings: settings),

    library("IngestTestKit", ["IngestCore", "IngestIndex", "IngestSQL", "IngestStore", "CSystem"]),
    tests("IngestCoreTests", ["IngestCore"]),
    tests("IngestSQLTests", ["IngestSQL", "IngestTestKit"]),
    tests(
      "IngestStoreTests", ["IngestCore", "IngestSQL", "IngestStore", "IngestTestKit"], resources: [.copy("Fixtures")]),
    tests("IngestDigestTests", ["IngestDigest"]),
    tests("IngestProcessTests", ["IngestProcess"]),
    tests("IngestHTTPClientTests", ["IngestHTTPClient", "IngestTestKit"]),
    tests("IngestBlobsTests", ["IngestBlobs", "IngestCore", "IngestDigest", "IngestStore", "IngestTestKit"]),
    tests("IngestEngineTests", ["IngestCore", "IngestEngine", "IngestSQL", "IngestStore", "IngestTestKit"]),
    tests(
      "IngestDocumentsTests",
      ["IngestCore", "IngestDocuments", "IngestParserWire", "IngestProcess", "ingestd-parse"],
      resources: [.copy("Fixtures")]),
    tests(
      "IngestEmbeddingTests", ["IngestCore", "IngestEmbedding", "IngestHTTPClient", "IngestStore", "IngestTestKit"]),
    tests(
      "IngestIndexTests",
      ["IngestCore", "IngestIndex", "IngestIndexSQLite", "IngestSQL", "IngestStore", "IngestTestKit"]),
    tests(
      "IngestStepsTests",
      [
        "IngestBlobs", "IngestCore", "IngestDigest", "IngestDocuments", "IngestEmbedding", "IngestIndex",
        "IngestIndexSQLite", "IngestProcess", "IngestSimulation", "IngestSQL", "IngestSteps", "IngestStore",
        "IngestTestKit", "ingestd-parse",
      ]),
    tests(
      "IngestIntakeTests",
      [
        "IngestBlobs", "IngestCore", "IngestIntake", "IngestIndex", "IngestIndexSQLite", "IngestOperations",
        "IngestStore", "IngestTestKit",
      ]),
    tests(
      "IngestOperationsTests",
      [
        "IngestBlobs", "IngestCore", "IngestDocuments", "IngestIndex", "IngestIndexSQLite", "IngestIntake",
        "IngestOperations", "IngestStore", "IngestTestKit",
      ]),
    tests("IngestAPITests", ["IngestAPI", "IngestCore", "IngestIndex", "IngestIntake", "IngestOperations"]),
    tests("IngestConfigTests", ["IngestApp", "IngestCLI", "IngestConfig", "IngestCore", "BuiltInWorkflows"]),
    // Intercepts SQLite's VFS and the C library's file calls; only the power-loss tests link it.
    .target(name: "CFaultyVFS", dependencies: ["CSQLite"]),
    tests(
      "IngestPowerLossTests",
      [
        "CFaultyVFS", "IngestApp", "IngestBlobs", "IngestCore", "IngestDigest", "IngestDocuments", "IngestEmbedding",
        "IngestIndex", "IngestIndexSQLite", "IngestSQL", "IngestSteps", "IngestStore", "IngestTestKit",
      ]),
    tests("IngestSimulationTests", ["IngestSimulation"]),
    tests(
      "IngestHostileTests",
      [
        "IngestCore", "IngestDocuments", "IngestFuzz", "IngestParserWire", "IngestProcess", "IngestTestKit", "ingestd",
        "ingestd-parse",
      ]),
    // `ingestd` with crash points at which the tests kill it; not a product.
    .executableTarget(
      name: "ingestd-under-fire",
      dependencies: [
        "IngestApp", "IngestCLI", "IngestCore", "IngestIndex", "IngestSimulation", "IngestSQL", "IngestTestKit",
      ],
      path: "Tests/ingestd-under-fire", swiftSettings: settings),
    tests(
      "IngestChaosTests",
      [
        "IngestApp", "IngestCore", "IngestIndex", "IngestIndexSQLite", "IngestProcess", "IngestSQL", "IngestStore",
        "IngestTestKit", "ingestd", "ingestd-parse", "ingestd-under-fire",
      ]),
    tests("IngestFlowTests", ["IngestSQL", "IngestTestKit", "ingestd", "ingestd-parse"]),
    tests(
      "IngestCLITests",
      [
        "IngestApp", "IngestChaosCommand", "IngestCLI", "IngestConfig", "IngestCore", "IngestEngine", "IngestProcess",
        "IngestSQL", "IngestTestKit", "ingestd", "ingestd-parse",
      ],
      exclude: ["Story/Scripts"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x,
  cxxLanguageStandard: .cxx17
)

// libFuzzer contains its own `main`, so this target links only with it. Scripts/fuzz sets the variable.
if Context.environment["INGESTD_FUZZ_BUILD"] != nil {
  package.targets.append(
    .executableTarget(
      name: "ingestd-fuzz", dependencies: ["IngestFuzz"], path: "Fuzz/ingestd-fuzz", swiftSettings: settings))
}
