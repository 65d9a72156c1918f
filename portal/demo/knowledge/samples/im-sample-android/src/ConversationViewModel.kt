package com.example.chat

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import io.vigil.im.Conversation
import io.vigil.im.IMClient
import io.vigil.im.IMException
import io.vigil.im.Message
import io.vigil.im.MessageListener
import io.vigil.im.RecallEvent
import io.vigil.im.Retry
import io.vigil.im.SendOptions
import io.vigil.im.TextMessage
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.util.TreeMap
import java.util.UUID

/** One open conversation: its messages in order of seq, sending, paging back. */
class ConversationViewModel(
    private val client: IMClient,
    conversationId: String,
) : ViewModel(), MessageListener {

    private val conversation: Conversation = client.getConversation(conversationId)
    private val bySeq = TreeMap<Long, Message>()

    private val shown = MutableStateFlow<List<Message>>(emptyList())
    val messages: StateFlow<List<Message>> = shown

    private val problem = MutableStateFlow<Int?>(null)
    val lastError: StateFlow<Int?> = problem

    private var complete = false

    init {
        client.addMessageListener(this)
        loadOlder()
    }

    fun loadOlder() {
        if (complete) return
        viewModelScope.launch {
            val before = bySeq.keys.firstOrNull() ?: Long.MAX_VALUE
            val page = conversation.history(beforeSeq = before, limit = 50)
            complete = page.messages.isEmpty() && page.complete
            merge(page.messages)
        }
    }

    fun send(text: String) {
        viewModelScope.launch {
            try {
                val options = SendOptions(
                    clientId = UUID.randomUUID().toString(),
                    retry = Retry.AUTO, // otherwise: one try of ten seconds
                )
                merge(listOf(conversation.sendMessage(TextMessage(text), options)))
            } catch (error: IMException) {
                problem.value = error.code // 4030 moderation, 4205 muted, 4206 read only
            }
        }
    }

    /** Call when the newest message is visible and the app is in front. */
    fun seen() {
        val newest = bySeq.keys.lastOrNull() ?: return
        viewModelScope.launch { conversation.markRead(upTo = newest) }
    }

    override fun onReceived(messages: List<Message>) {
        merge(messages.filter { it.conversationId == conversation.id })
    }

    override fun onRecalled(event: RecallEvent) {
        bySeq.values.removeIf { it.id == event.messageId }
        shown.update { bySeq.values.toList() }
    }

    // Merged by seq: after a reconnect the same message may come twice.
    private fun merge(messages: List<Message>) {
        messages.forEach { bySeq[it.seq] = it }
        shown.update { bySeq.values.toList() }
    }

    override fun onCleared() = client.removeMessageListener(this)
}
