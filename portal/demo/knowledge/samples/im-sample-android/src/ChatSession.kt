package com.example.chat

import android.content.Context
import io.vigil.im.ConnectionListener
import io.vigil.im.ConnectionState
import io.vigil.im.IMClient
import io.vigil.im.IMConfig
import io.vigil.im.IMException
import io.vigil.im.KickReason
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch

/** Signed in or not, for the whole app. Make one, in Application.onCreate. */
class ChatSession(
    context: Context,
    private val scope: CoroutineScope,
    private val fetchToken: suspend (userId: String) -> String,
) : ConnectionListener {

    sealed interface State {
        data object SignedOut : State
        data class SignedIn(val userId: String, val connection: ConnectionState) : State
        data class Kicked(val reason: KickReason) : State
    }

    val client: IMClient = IMClient.init(context.applicationContext, IMConfig(appId = "8841"))

    private val states = MutableStateFlow<State>(State.SignedOut)
    val state: StateFlow<State> = states

    private var userId: String? = null

    init {
        client.addConnectionListener(this)
    }

    /** @throws IMException with the codes 1101 to 1109 or 2003 */
    suspend fun signIn(userId: String) {
        client.login(userId, fetchToken(userId))
        this.userId = userId
        states.value = State.SignedIn(userId, ConnectionState.CONNECTED)
    }

    suspend fun signOut() {
        userId = null
        states.value = State.SignedOut
        client.logout()
    }

    override fun onStateChanged(state: ConnectionState) {
        userId?.let { states.value = State.SignedIn(it, state) }
    }

    // 30 seconds before the token ends. Without renewal the connection closes with 1101.
    override fun onTokenWillExpire() {
        val current = userId ?: return
        scope.launch {
            try {
                client.renewToken(fetchToken(current))
            } catch (error: IMException) {
                if (error.code == 1103) signOut()
            }
        }
    }

    override fun onKickedOffline(reason: KickReason) = kicked(reason)

    // Before 5.3.0 a device kicked in the background learns it here only.
    override fun onConnectFailed(code: Int) {
        if (code == 1109) kicked(KickReason.OTHER_DEVICE)
    }

    private fun kicked(reason: KickReason) {
        userId = null
        states.value = State.Kicked(reason)
    }
}
