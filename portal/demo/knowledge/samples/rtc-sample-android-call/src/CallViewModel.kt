package com.example.call

import android.app.Application
import androidx.lifecycle.AndroidViewModel
import androidx.lifecycle.viewModelScope
import io.vigil.rtc.JoinOptions
import io.vigil.rtc.Layer
import io.vigil.rtc.Region
import io.vigil.rtc.Room
import io.vigil.rtc.RtcConfig
import io.vigil.rtc.RtcEngine
import io.vigil.rtc.RtcException
import io.vigil.rtc.RtcListener
import io.vigil.rtc.RtcStats
import io.vigil.rtc.RtcStream
import io.vigil.rtc.StreamKind
import io.vigil.rtc.VideoCodecOptions
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the screen shows; streams are the cameras of the others. */
data class CallState(
    val joined: Boolean = false,
    val streams: List<RtcStream> = emptyList(),
    val weakNetwork: Boolean = false,
    val problem: String? = null,
)

class CallViewModel(application: Application) : AndroidViewModel(application) {
    private val tokens = TokenClient("https://api.example.com/rtc-token")
    private val engine = RtcEngine.create(application, RtcConfig(appId = "8841", region = Region.EU_WEST))
    private val mutableState = MutableStateFlow(CallState())
    private var room: Room? = null

    val state: StateFlow<CallState> = mutableState

    init {
        engine.setVideoCodec(VideoCodecOptions(preferH265 = true, fallbackOnDecodeError = true))
        engine.listener = object : RtcListener() {
            override fun onTokenWillExpire(room: String) {
                viewModelScope.launch { engine.renewToken(room, tokens.fetch(room)) }
            }

            override fun onStreamAdded(stream: RtcStream) {
                if (stream.kind != StreamKind.CAMERA) return
                stream.room.subscribe(stream.id, Layer.LOW) // may come before join returns
                mutableState.update { it.copy(streams = it.streams + stream) }
            }

            override fun onStreamRemoved(stream: RtcStream) {
                mutableState.update { state -> state.copy(streams = state.streams.filter { it.id != stream.id }) }
            }

            override fun onStats(stats: RtcStats) {
                val weak = stats.concealPct > 10 || stats.rttMs > 400
                mutableState.update { it.copy(weakNetwork = weak) }
            }
        }
    }

    /** Joins with what the user granted; a refused microphone still lets the user listen. */
    fun join(roomId: String, microphone: Boolean, camera: Boolean) {
        if (room != null) return
        viewModelScope.launch {
            try {
                val options = JoinOptions(publishAudio = microphone, publishVideo = camera)
                room = engine.join(tokens.fetch(roomId), options)
                mutableState.update { it.copy(joined = true, problem = null) }
            } catch (error: RtcException) {
                mutableState.update { it.copy(problem = explain(error.code)) }
            }
        }
    }

    fun leave() {
        room?.let(engine::leave)
        room = null
        mutableState.value = CallState()
    }

    override fun onCleared() {
        leave()
        engine.destroy()
    }

    private fun explain(code: Int): String = when (code) {
        1101, 1102, 1104 -> "Please sign in again ($code)"
        2003, 2105 -> "No connection to the call ($code)"
        6040 -> "The room is full"
        else -> "The call could not be joined ($code)"
    }
}
