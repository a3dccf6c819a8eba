/// The direction in which most of a page's text runs. For a rotated page (/Rotate), poppler gives rectangles as if it
/// were not rotated.
struct PageRotation {
  private enum Way {
    case right
    case down
    case left
    case up
  }

  /// Maximum number of steps from character to character that vote. This is enough for pages of any size.
  private static let steps = 600

  private let way: Way
  private let width: Double
  private let height: Double

  init(_ glyphs: PageGlyphs) {
    width = glyphs.width
    height = glyphs.height
    var votes = (right: 0, down: 0, left: 0, up: 0)
    let boxes = glyphs.boxes
    // Samples come from the whole page, so that a rotated note at its start does not decide.
    let stride = max(1, boxes.count / Self.steps)
    var index = 1
    while index < boxes.count {
      let x = boxes[index].left - boxes[index - 1].left
      let y = boxes[index].top - boxes[index - 1].top
      let reach = 2 * max(boxes[index].right - boxes[index].left, boxes[index].bottom - boxes[index].top)
      if abs(x) > abs(y), abs(x) < reach {
        if x > 0 { votes.right += 1 } else { votes.left += 1 }
      } else if abs(y) > abs(x), abs(y) < reach {
        if y > 0 { votes.down += 1 } else { votes.up += 1 }
      }
      index += stride
    }
    let most = max(votes.right, votes.down, votes.left, votes.up)
    if most == votes.right || glyphs.rightToLeft && most == votes.left {
      way = .right
    } else if most == votes.down {
      way = .down
    } else {
      way = most == votes.left ? .left : .up
    }
  }

  func upright(_ box: PageGlyphs.Box) -> PageGlyphs.Box {
    switch way {
    case .right: box
    case .down: turned(box.top, width - box.left, box.bottom, width - box.right)
    case .left: turned(width - box.left, height - box.top, width - box.right, height - box.bottom)
    case .up: turned(height - box.top, box.left, height - box.bottom, box.right)
    }
  }

  private func turned(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> PageGlyphs.Box {
    PageGlyphs.Box(left: min(x1, x2), top: min(y1, y2), right: max(x1, x2), bottom: max(y1, y2))
  }
}
