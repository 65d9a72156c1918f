using System.Threading.Tasks;
using UnityEngine;
using UnityEngine.Networking;

namespace ChatSample
{
    /// <summary>Asks your own server for a token. The certificate never enters the game.</summary>
    [CreateAssetMenu(menuName = "Chat sample/Token source")]
    public sealed class TokenSource : ScriptableObject
    {
        [SerializeField] private string address = "https://game.example/im-token";

        public async Task<string> FetchAsync(string userId)
        {
            var url = $"{address}?user={UnityWebRequest.EscapeURL(userId)}";
            using (var request = UnityWebRequest.Get(url))
            {
                var operation = request.SendWebRequest();
                while (!operation.isDone)
                {
                    await Task.Yield();
                }
                if (request.result != UnityWebRequest.Result.Success)
                {
                    throw new System.IO.IOException($"no token: {request.error}");
                }
                return request.downloadHandler.text;
            }
        }
    }
}
