import AVFoundation
import Foundation
import VigilRTC

/// One call. Everything here runs on the main actor; the SDK calls back on it.
@MainActor
final class CallModel: ObservableObject {
    @Published private(set) var streams: [RtcStream] = []
    @Published private(set) var isJoined = false
    @Published private(set) var isNetworkWeak = false
    @Published private(set) var problem: String?

    private let engine = RtcEngine(config: RtcConfig(appId: "8841", region: .euWest))
    private let tokens: TokenClient
    private var room: Room?

    init(tokens: TokenClient) {
        self.tokens = tokens
        engine.onTokenWillExpire = { [weak self] room in
            Task { await self?.renew(room) }
        }
        engine.onStreamAdded = { [weak self] stream in
            guard stream.kind == .camera else { return }
            stream.room.subscribe(stream.id, layer: .low)
            self?.streams.append(stream)
        }
        engine.onStreamRemoved = { [weak self] stream in
            self?.streams.removeAll { $0.id == stream.id }
        }
        engine.onStats = { [weak self] stats in
            self?.isNetworkWeak = stats.concealPct > 10 || stats.rttMs > 400
        }
    }

    /// Joins with what the user grants; a refused microphone still lets the user listen.
    func join(_ roomId: String) async {
        guard room == nil else { return }
        let microphone = await AVCaptureDevice.requestAccess(for: .audio)
        let camera = await AVCaptureDevice.requestAccess(for: .video)
        var session = AudioSessionConfig()
        session.listenCategory = .playback   // sounds although the switch is on silent
        engine.setAudioSession(session)
        do {
            let options = JoinOptions(publishAudio: microphone, publishVideo: camera)
            room = try await engine.join(token: tokens.fetch(roomId), options: options)
            isJoined = true
            problem = nil
        } catch let error as RtcError {
            problem = Self.explain(error.code)
        } catch {
            problem = error.localizedDescription
        }
    }

    func leave() async {
        guard let room else { return }
        self.room = nil
        await engine.leave(room)
        streams = []
        isJoined = false
    }

    private func renew(_ roomId: String) async {
        do {
            try await engine.renewToken(roomId, tokens.fetch(roomId))
        } catch {
            problem = "The call ends in 30 seconds: \(error.localizedDescription)"
        }
    }

    private static func explain(_ code: Int) -> String {
        switch code {
        case 1101, 1102, 1104: return "Please sign in again (\(code))"
        case 2003, 2105: return "No connection to the call (\(code))"
        case 6040: return "The room is full"
        default: return "The call could not be joined (\(code))"
        }
    }
}
