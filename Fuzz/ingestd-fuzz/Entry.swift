import Glibc
import IngestFuzz

/// The target that `INGESTD_FUZZ` names. libFuzzer's own `main` calls ``fuzzOneInput(_:_:)`` for each input.
private let target: FuzzTarget = {
  let name = getenv("INGESTD_FUZZ").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget.named(name) else {
    fatalError("INGESTD_FUZZ is '\(name)': name one of \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
  }
  return target
}()

/// Runs one input of libFuzzer. A broken promise ends the process, and libFuzzer stores the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    try target.run(Array(UnsafeBufferPointer(start: start, count: count)))
  } catch {
    fatalError("\(error)")
  }
  return 0
}
