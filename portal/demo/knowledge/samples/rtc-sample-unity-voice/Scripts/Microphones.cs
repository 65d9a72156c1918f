using System.Threading.Tasks;
using UnityEngine;
#if UNITY_ANDROID
using UnityEngine.Android;
#endif

/// <summary>Asks for the microphone; false means that the player can only listen.</summary>
internal static class Microphones
{
    public static async Task<bool> AskAsync()
    {
#if UNITY_ANDROID
        if (Permission.HasUserAuthorizedPermission(Permission.Microphone)) return true;
        var answer = new TaskCompletionSource<bool>();
        var callbacks = new PermissionCallbacks();
        callbacks.PermissionGranted += _ => answer.TrySetResult(true);
        callbacks.PermissionDenied += _ => answer.TrySetResult(false);
        Permission.RequestUserPermission(Permission.Microphone, callbacks);
        return await answer.Task;
#else
        AsyncOperation operation = Application.RequestUserAuthorization(UserAuthorization.Microphone);
        while (!operation.isDone) await Task.Yield();
        return Application.HasUserAuthorization(UserAuthorization.Microphone);
#endif
    }
}
