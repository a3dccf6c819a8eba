/// The highest scores of a scan: a heap with the lowest of them on top.
struct TopCandidates {
  struct Candidate: Hashable {
    var score: Float
    var file: Int
    var slot: Int
  }

  let capacity: Int
  private(set) var heap: [Candidate] = []
  /// A score must exceed this to be kept. NaN never does.
  private(set) var threshold: Float = -.infinity

  init(capacity: Int) {
    self.capacity = max(1, capacity)
    heap.reserveCapacity(self.capacity)
  }

  var isFull: Bool { heap.count == capacity }

  mutating func insert(_ candidate: Candidate) {
    guard candidate.score > threshold else { return }
    if heap.count < capacity {
      heap.append(candidate)
      var child = heap.count - 1
      while child > 0, heap[child].score < heap[(child - 1) / 2].score {
        heap.swapAt(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
    } else {
      heap[0] = candidate
      var parent = 0
      while true {
        let left = 2 * parent + 1
        guard left < heap.count else { break }
        let right = left + 1
        let least = right < heap.count && heap[right].score < heap[left].score ? right : left
        guard heap[least].score < heap[parent].score else { break }
        heap.swapAt(least, parent)
        parent = least
      }
    }
    if heap.count == capacity { threshold = heap[0].score }
  }

  /// The candidates, best first. Equal scores are in the order of the files.
  var sorted: [Candidate] {
    heap.sorted { ($1.score, $0.file, $0.slot) < ($0.score, $1.file, $1.slot) }
  }
}
