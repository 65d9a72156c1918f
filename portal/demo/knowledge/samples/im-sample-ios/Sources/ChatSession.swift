import Foundation
import VigilIM

/// Signed in or not, for the whole app. Keep one; the client holds its delegate weakly.
@MainActor
public final class ChatSession: ObservableObject, ConnectionDelegate {
    public enum State: Equatable {
        case signedOut
        case signedIn(userId: String, connection: ConnectionState)
        case kicked(KickReason)
    }

    @Published public private(set) var state: State = .signedOut

    public let client: IMClient
    private let fetchToken: (String) async throws -> String
    private var userId: String?

    public init(appId: String, fetchToken: @escaping (String) async throws -> String) throws {
        client = try IMClient(config: IMConfig(appId: appId))
        self.fetchToken = fetchToken
        client.connectionDelegate = self
    }

    /// Throws `IMError` with the codes 1101 to 1109 or 2003.
    public func signIn(userId: String) async throws {
        try await client.login(userId: userId, token: fetchToken(userId))
        self.userId = userId
        state = .signedIn(userId: userId, connection: .connected)
    }

    public func signOut() async {
        userId = nil
        state = .signedOut
        await client.logout()
    }

    public func onStateChanged(_ connection: ConnectionState) {
        if let userId {
            state = .signedIn(userId: userId, connection: connection)
        }
    }

    // 30 seconds before the token ends. Without renewal the connection closes with 1101.
    public func onTokenWillExpire() {
        guard let userId else { return }
        Task {
            do {
                try await client.renewToken(fetchToken(userId))
            } catch let error as IMError where error.code == 1103 {
                await signOut()
            } catch {
                // The SDK asks again at the next connection.
            }
        }
    }

    public func onKickedOffline(reason: KickReason) {
        kicked(reason)
    }

    // Before 5.3.0 a device kicked in the background learns it here only.
    public func onConnectFailed(code: Int) {
        if code == 1109 {
            kicked(.otherDevice)
        }
    }

    private func kicked(_ reason: KickReason) {
        userId = nil
        state = .kicked(reason)
    }
}
