private import CPoppler

/// The values in a page's form, which poppler's text does not contain.
enum FormValues {
  /// Maximum number of fields read per page: a form can be a decompression bomb, too.
  private static let limit = 2_000

  /// Returns the values of text and choice fields in the order of the file, without passwords.
  static func read(_ page: OpaquePointer) -> [String] {
    guard let list = poppler_page_get_form_field_mapping(page) else { return [] }
    defer { poppler_page_free_form_field_mapping(list) }
    var values: [String] = []
    var node: UnsafeMutablePointer<GList>? = list
    while let current = node, values.count < limit {
      if let mapping = current.pointee.data?.assumingMemoryBound(to: PopplerFormFieldMapping.self).pointee,
        let field = mapping.field, let value = self.value(of: field)
      {
        values.append(value)
      }
      node = current.pointee.next
    }
    return values
  }

  private static func value(of field: OpaquePointer) -> String? {
    let text: UnsafeMutablePointer<CChar>?
    switch poppler_form_field_get_field_type(field) {
    case POPPLER_FORM_FIELD_TEXT:
      text = poppler_form_field_text_is_password(field) != 0 ? nil : poppler_form_field_text_get_text(field)
    case POPPLER_FORM_FIELD_CHOICE: text = poppler_form_field_choice_get_text(field)
    default: text = nil
    }
    guard let text else { return nil }
    defer { g_free(text) }
    let value = String(cString: text)
    return value.allSatisfy(\.isWhitespace) ? nil : value
  }
}
