using System;
using System.Threading.Tasks;
using UnityEngine;
using UnityEngine.Networking;

/// <summary>Fetches room tokens from your own server, which knows the player by its session.</summary>
internal static class Tokens
{
    [Serializable]
    private sealed class Answer
    {
        public string token;
    }

    public static async Task<string> FetchAsync(string address, string room)
    {
        string query = "?room=" + UnityWebRequest.EscapeURL(room);
        using (UnityWebRequest request = UnityWebRequest.Get(address + query))
        {
            request.timeout = 5;
            UnityWebRequestAsyncOperation operation = request.SendWebRequest();
            while (!operation.isDone) await Task.Yield();
            if (request.result != UnityWebRequest.Result.Success)
            {
                throw new InvalidOperationException($"token server: {request.responseCode} {request.error}");
            }
            return JsonUtility.FromJson<Answer>(request.downloadHandler.text).token;
        }
    }
}
