package com.example.call

import java.net.HttpURLConnection
import java.net.URL
import java.net.URLEncoder
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.json.JSONObject

/** Fetches room tokens from your own server, which knows the user by its session. */
class TokenClient(private val address: String) {
    suspend fun fetch(room: String): String = withContext(Dispatchers.IO) {
        val query = "room=" + URLEncoder.encode(room, "UTF-8")
        val connection = URL("$address?$query").openConnection() as HttpURLConnection
        connection.connectTimeout = 5_000
        connection.readTimeout = 5_000
        try {
            check(connection.responseCode == 200) { "token server answered ${connection.responseCode}" }
            JSONObject(connection.inputStream.bufferedReader().readText()).getString("token")
        } finally {
            connection.disconnect()
        }
    }
}
