import IngestApp
import IngestCore
import IngestTestKit
import Testing

@Suite("Locks that show which workers live")
struct WorkerSurroundingsTests {
  private let clock = ManualClock()

  private func peer(_ token: LivenessToken, boot: String? = nil) -> WorkerRegistration {
    WorkerRegistration(
      id: WorkerID(rawValue: "peer"), process: 1, host: "here", bootID: boot ?? clock.bootID, liveness: token,
      concurrency: 1)
  }

  @Test("a worker counts as alive until it is released, and meanwhile no other can take its name")
  func presence() async throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let liveness = LockedLiveness(folder: folder.path, clock: clock)
    let worker = WorkerID(rawValue: "worker")
    let presence = try liveness.announce(worker)
    #expect(liveness.isAlive(presence.token) == true)
    let refusal = #expect(throws: Failure.self) { try liveness.announce(worker) }
    #expect(refusal?.code == "WORKER_LOCK")
    presence.release()
    #expect(liveness.isAlive(presence.token) == false)
    #expect(await liveness.death(of: peer(presence.token)))
  }

  @Test("a worker of another boot is dead, even if another process holds its lock")
  func boot() async throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let liveness = LockedLiveness(folder: folder.path, clock: clock)
    let presence = try liveness.announce(WorkerID(rawValue: "worker"))
    #expect(await liveness.death(of: peer(presence.token, boot: "boot-0")))
    presence.release()
  }

  @Test("maintenance runs in one process at a time, and can run again after it ended or failed")
  func upkeep() async throws {
    struct Broken: Error {}
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let locks = (0..<2).map { _ in FileUpkeepLock(path: folder.file("upkeep.lock")) }
    let ran = try await locks[0].whileAlone {
      let second = try await locks[1].whileAlone { Issue.record("both ran") }
      #expect(!second)
    }
    #expect(ran)
    await #expect(throws: Broken.self) { try await locks[0].whileAlone { throw Broken() } }
    #expect(try await locks[1].whileAlone {})
  }
}
