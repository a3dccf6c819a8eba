import IngestApp
import IngestCore
import IngestEngine
import IngestTestKit

extension DataFolderFixture {
  /// Settings with which a worker that misses a wake signal does not learn of a cancel while the test runs.
  static let rareHeartbeats = "worker: {lease: 1h, heartbeat: 30m}"

  /// Runs a worker in this process beside the test's body. The program cannot do this, because no setting changes its
  /// poll interval.
  func withWorker(poll: Duration, _ body: () async throws -> Void) async throws {
    let request = InstallationRequest(
      data: data, configurationFile: nil, environment: [:], mayCreate: true, clock: SystemClock())
    let installation = try await Installation.open(request)
    let (worker, presence) = try installation.worker(WorkerOptions(poll: poll)) { _ in }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { _ = try await worker.run() }
      let result: Result<Void, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      worker.stop()
      try await group.waitForAll()
      try result.get()
    }
    presence.release()
    await installation.close()
  }
}
