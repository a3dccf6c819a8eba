private import BuiltInWorkflows

/// The files of the top-level folder `workflows/`, which are compiled into the binary.
package enum BuiltInWorkflowFiles {
  package static var all: [(name: String, bytes: [UInt8])] {
    (0..<ingestd_built_in_workflow_count).compactMap { position in
      guard let file = ingestd_built_in_workflow(position)?.pointee, let name = file.name else { return nil }
      return (String(cString: name), Array(UnsafeBufferPointer(start: file.bytes, count: file.size)))
    }
  }
}
