using System;
using System.Threading.Tasks;
using UnityEngine;
using Vigil.IM;

namespace ChatSample
{
    /// <summary>The one client of the game. Put it on an object of the first scene.</summary>
    public sealed class ChatClient : MonoBehaviour
    {
        [SerializeField] private string appId = "8841";
        [SerializeField] private TokenSource tokens;

        public static ChatClient Instance { get; private set; }

        public IMClient Client { get; private set; }

        public event Action<KickReason> Kicked;

        private string userId;

        private void Awake()
        {
            if (Instance != null)
            {
                Destroy(gameObject); // a second client would answer 1003
                return;
            }
            Instance = this;
            DontDestroyOnLoad(gameObject);
        }

        public async Task SignInAsync(string id)
        {
            if (Client == null)
            {
                // Callbacks come on Unity's main thread from 5.1.0 on.
                Client = await IMClient.InitAsync(new IMConfig { AppId = appId });
                Client.TokenWillExpire += OnTokenWillExpire;
                Client.KickedOffline += OnKicked;
                Client.ConnectFailed += OnConnectFailed;
            }
            await Client.LoginAsync(id, await tokens.FetchAsync(id));
            userId = id;
        }

        private async void OnTokenWillExpire()
        {
            try
            {
                await Client.RenewTokenAsync(await tokens.FetchAsync(userId));
            }
            catch (IMException error)
            {
                Debug.LogWarning($"token not renewed: {error.Code}");
            }
        }

        private void OnConnectFailed(int code)
        {
            if (code == 1109)
            {
                OnKicked(KickReason.OtherDevice);
            }
        }

        private void OnKicked(KickReason reason)
        {
            userId = null;
            Kicked?.Invoke(reason);
        }

        private async void OnApplicationPause(bool paused)
        {
            if (Client != null && userId != null)
            {
                await Client.SetForegroundAsync(!paused);
            }
        }

        private async void OnDestroy()
        {
            if (Instance == this && Client != null)
            {
                await Client.DestroyAsync();
                Instance = null;
            }
        }
    }
}
