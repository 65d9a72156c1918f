import SwiftUI
import VigilRTC

struct CallView: View {
    @StateObject private var call: CallModel
    private let roomId: String

    init(roomId: String, tokens: TokenClient) {
        self.roomId = roomId
        _call = StateObject(wrappedValue: CallModel(tokens: tokens))
    }

    var body: some View {
        VStack {
            if let problem = call.problem {
                Text(problem).foregroundStyle(.red)
            } else if call.isNetworkWeak {
                Text("Weak network")
            }
            ScrollView {
                LazyVGrid(columns: [GridItem(.adaptive(minimum: 160))]) {
                    ForEach(call.streams) { stream in
                        RtcVideoView(stream: stream)
                            .aspectRatio(16 / 9, contentMode: .fit)
                    }
                }
            }
            Button("Leave", role: .destructive) {
                Task { await call.leave() }
            }
            .disabled(!call.isJoined)
        }
        .task { await call.join(roomId) }
    }
}
