package com.example.call

import android.Manifest
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.result.contract.ActivityResultContracts.RequestMultiplePermissions
import androidx.activity.viewModels
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.lifecycleScope
import androidx.lifecycle.repeatOnLifecycle
import com.example.call.databinding.CallBinding
import io.vigil.rtc.RtcVideoView
import kotlinx.coroutines.launch

class CallActivity : ComponentActivity() {
    private val call: CallViewModel by viewModels()
    private val tiles = mutableMapOf<String, RtcVideoView>()
    private lateinit var views: CallBinding

    private val ask = registerForActivityResult(RequestMultiplePermissions()) { granted ->
        call.join(
            roomId = intent.getStringExtra("room").orEmpty(),
            microphone = granted[Manifest.permission.RECORD_AUDIO] == true,
            camera = granted[Manifest.permission.CAMERA] == true,
        )
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        views = CallBinding.inflate(layoutInflater)
        setContentView(views.root)
        views.leave.setOnClickListener {
            call.leave()
            finish()
        }
        lifecycleScope.launch {
            repeatOnLifecycle(Lifecycle.State.STARTED) { call.state.collect(::show) }
        }
        ask.launch(arrayOf(Manifest.permission.RECORD_AUDIO, Manifest.permission.CAMERA))
    }

    private fun show(state: CallState) {
        views.problem.text = state.problem ?: if (state.weakNetwork) "Weak network" else ""
        val present = state.streams.associateBy { it.id }
        (tiles.keys - present.keys).forEach { id -> views.grid.removeView(tiles.remove(id)) }
        (present - tiles.keys).forEach { (id, stream) ->
            val tile = RtcVideoView(this)
            views.grid.addView(tile) // in the window first: a view bound too early stays black
            tile.bind(stream)
            tiles[id] = tile
        }
    }
}
