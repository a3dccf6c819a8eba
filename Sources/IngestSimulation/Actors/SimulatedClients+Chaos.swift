import IngestCore

/// Injects faults into whole processes and the machine at random moments.
extension SimulatedClients {
  func disturb() async {
    let random = world.random("chaos")
    let plan = world.plan
    while world.isStormy {
      await pause(random, .seconds(1)...(.seconds(9)))
      guard world.isStormy else { return }
      switch random.pick(6) {
      case 0...1 where plan.has(.crashes):
        if let host = random.pick(world.living) { world.kill(host, "from outside") }
      case 2 where plan.has(.stops):
        if let host = random.pick(world.living) {
          world.stop(
            host,
            for: random.time(.milliseconds(100)...(.microseconds(plan.lease.microseconds * 3))),
            "from outside")
        }
      case 3...4 where plan.has(.clockJumps):
        let jump =
          random.chance(500)
          ? random.time(.seconds(1)...(.seconds(600))) : .seconds(-random.pick(1...600))
        world.machine.setWall(by: jump)
        world.trace.note("clock", "is moved by \(jump.milliseconds) ms")
      case 5 where plan.has(.reboots) && random.chance(400): world.reboot()
      default: break
      }
    }
  }
}

extension World {
  /// Reboots the machine and kills all workers. The simulated clients run on another machine and survive.
  func reboot() {
    trace.note("machine", "reboots")
    for host in hosts { kill(host, "with the machine") }
    machine.reboot()
    oracle.forgetBreakers()
    oracle.limits.reboot()
  }
}
