import IngestConfig
import IngestCore
import IngestHTTPClient
import IngestOperations

extension Doctor {
  /// Checks that the configured embedders have their keys and that their servers answer. It requests the list of models, which
  /// no provider charges.
  func embedders(_ configuration: Configuration, _ generations: [Generation]) async throws {
    let used = Set(generations.map(\.spec.embedder.name)).union([configuration.defaultEmbedder])
    for name in used.sorted() where configuration.embedder(name) == nil {
      try report(
        .fail(
          "embedder \(name)", "an open generation was built with it, and it is not configured",
          hint: "put it under embedders: in ingestd.yaml again, as it was"))
    }
    let client = HTTPClient()
    for (name, settings) in configuration.embedders.sorted(by: { $0.key < $1.key }) where settings.provider != "hash" {
      var finding = await look(at: settings, client)
      // An embedder that no generation uses may be offline.
      if finding.state == .fail, !used.contains(name) { finding.state = .warn }
      try report(finding)
    }
  }

  private func look(at settings: EmbedderSettings, _ client: HTTPClient) async -> DoctorFinding {
    let check = "embedder \(settings.name)"
    var request = HTTPRequest(
      url: settings.baseURL + "/models", timeout: .seconds(5), connectTimeout: .seconds(3), maximumResponse: 8 << 20)
    do throws(ConfigurationError) {
      if let key = try settings.apiKey?.read(environment: self.request.environment) {
        request.headers = ["Authorization": "Bearer \(key.reveal())"]
      }
    } catch {
      return .fail(check, error)
    }
    do throws(HTTPClientError) {
      let response = try await client.send(request)
      if response.status == 401 || response.status == 403 {
        return .fail(
          check, "\(settings.baseURL) refuses the key (status \(response.status))", hint: "check the key and its rights"
        )
      }
      // Some servers have no list of models. Any answer is enough.
      if response.status < 500 { return .ok(check, "\(settings.baseURL) answers") }
      return .fail(
        check, "\(settings.baseURL) answers with status \(response.status)", hint: "read the server's log")
    } catch {
      return .fail(check, "\(error)", hint: "check base-url and whether the server runs")
    }
  }
}
