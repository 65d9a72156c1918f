import Foundation
import VigilIM

/// One open conversation: its messages in order of seq, sending, paging back.
@MainActor
public final class ConversationModel: ObservableObject, MessageDelegate {
    @Published public private(set) var messages: [Message] = []
    @Published public private(set) var lastError: Int?

    private let conversation: Conversation
    private var bySeq: [Int64: Message] = [:]
    private var complete = false

    public init(client: IMClient, conversationId: String) async throws {
        conversation = try await client.getConversation(conversationId)
        client.addMessageDelegate(self)
        try await loadOlder()
    }

    public func loadOlder() async throws {
        if complete { return }
        let oldest = messages.first?.seq ?? .max
        let page = try await conversation.history(beforeSeq: oldest, limit: 50)
        complete = page.messages.isEmpty && page.complete
        merge(page.messages)
    }

    public func send(_ text: String) async {
        do {
            // Without retry a message is tried once, for ten seconds.
            let options = SendOptions(clientId: UUID().uuidString, retry: .auto)
            let sent = try await conversation.sendMessage(.text(text), options: options)
            merge([sent])
        } catch let error as IMError {
            lastError = error.code // 4030 moderation, 4205 muted, 4206 read only
        } catch {
            lastError = -1
        }
    }

    /// Call when the newest message is visible and the app is in front.
    public func seen() async {
        guard let newest = messages.last else { return }
        try? await conversation.markRead(upTo: newest.seq)
    }

    public func onReceived(_ received: [Message]) {
        merge(received.filter { $0.conversationId == conversation.id })
    }

    public func onRecalled(_ event: RecallEvent) {
        bySeq = bySeq.filter { $0.value.id != event.messageId }
        show()
    }

    // Merged by seq: after a reconnect the same message may come twice.
    private func merge(_ some: [Message]) {
        for message in some {
            bySeq[message.seq] = message
        }
        show()
    }

    private func show() {
        messages = bySeq.values.sorted { $0.seq < $1.seq }
    }
}
