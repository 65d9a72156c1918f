using System;
using System.Threading.Tasks;
using UnityEngine;
using Vigil.Rtc;

/// <summary>Voice of one room, for a game object that lives as long as the scene.</summary>
public sealed class VoiceRoom : MonoBehaviour
{
    [SerializeField] private string appId = "8841";
    [SerializeField] private string tokenAddress = "https://api.example.com/rtc-token";

    private RtcEngine engine;
    private Room room;

    /// <summary>User id and loudness from 0 to 1, about ten times a second while somebody speaks.</summary>
    public event Action<string, float> Speaking;

    public bool IsJoined => room != null;

    private void Awake()
    {
        engine = RtcEngine.Create(new RtcConfig { AppId = appId, Region = Region.CnEast });
        engine.SetAudioProfile(AudioProfile.SpeechStandard);
        engine.TokenWillExpire += OnTokenWillExpire;
        engine.AudioLevel += OnAudioLevel;
    }

    public async Task JoinAsync(string roomId)
    {
        if (room != null) return;
        bool microphone = await Microphones.AskAsync();
        try
        {
            string token = await Tokens.FetchAsync(tokenAddress, roomId);
            JoinResult result = await engine.JoinAsync(token, new JoinOptions { PublishAudio = microphone });
            room = result.Room;
        }
        catch (RtcException error) when (error.Code == 2003 || error.Code == 2105)
        {
            Debug.LogWarning($"No connection to the voice room ({error.Code}), trying once more");
            await Task.Delay(TimeSpan.FromSeconds(3));
            string token = await Tokens.FetchAsync(tokenAddress, roomId);
            room = (await engine.JoinAsync(token, new JoinOptions { PublishAudio = microphone })).Room;
        }
    }

    public void SetMuted(bool muted) => room?.Mute(audio: muted);

    private async void OnTokenWillExpire(string roomId)
    {
        try
        {
            await engine.RenewTokenAsync(roomId, await Tokens.FetchAsync(tokenAddress, roomId));
        }
        catch (Exception error)
        {
            Debug.LogError($"Voice ends in 30 seconds: {error.Message}");
        }
    }

    private void OnAudioLevel(string userId, float level) => Speaking?.Invoke(userId, level);

    private void OnDestroy()
    {
        engine.TokenWillExpire -= OnTokenWillExpire;
        engine.AudioLevel -= OnAudioLevel;
        if (room != null) engine.Leave(room);
        engine.Dispose();
    }
}
