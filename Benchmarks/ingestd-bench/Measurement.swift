@preconcurrency import Glibc

/// Measurements that no command prints: the cost of one claim and of one exact search, without starting a process, for
/// `bench.py`, and the cost of a migration. Each prints one JSON object.
enum Measurement {
  @concurrent
  static func main(_ arguments: [String]) async {
    do {
      switch arguments.dropFirst().first {
      case "claim" where arguments.count == 5:
        let count = Int(arguments[3]) ?? 0
        print(try await ClaimMeasurement(path: arguments[2], synchronous: arguments[4]).run(count: count))
      case "vectors" where arguments.count == 6:
        let numbers = arguments[3...].compactMap { Int($0) }
        guard numbers.count == 3 else { return usage() }
        print(
          try await VectorMeasurement(folder: arguments[2], dimensions: numbers[1])
            .run(vectors: numbers[0], searches: numbers[2]))
      case "migration" where arguments.count == 5:
        guard let number = Int(arguments[3]), let jobs = Int(arguments[4]) else { return usage() }
        print(try await MigrationMeasurement(path: arguments[2], number: number).run(jobs: jobs))
      default:
        usage()
      }
    } catch {
      fputs("ingestd-bench: \(error)\n", stderr)
      exit(1)
    }
  }

  private static func usage() {
    fputs("usage: ingestd-bench claim DATABASE COUNT full|normal\n", stderr)
    fputs("       ingestd-bench vectors FOLDER VECTORS DIMENSIONS SEARCHES\n", stderr)
    fputs("       ingestd-bench migration NEW-DATABASE NUMBER JOBS\n", stderr)
    exit(2)
  }
}
