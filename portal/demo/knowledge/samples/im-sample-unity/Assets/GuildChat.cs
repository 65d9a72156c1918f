using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using UnityEngine;
using UnityEngine.UI;
using Vigil.IM;

namespace ChatSample
{
    /// <summary>The chat window of a guild: history, new messages, sending.</summary>
    public sealed class GuildChat : MonoBehaviour
    {
        [SerializeField] private string guildId = "g_77";
        [SerializeField] private Text lines;
        [SerializeField] private InputField input;

        private readonly SortedDictionary<long, Message> bySeq = new SortedDictionary<long, Message>();
        private Conversation conversation;

        private async void OnEnable()
        {
            var client = ChatClient.Instance.Client;
            client.MessagesReceived += OnReceived;
            conversation = await client.GetConversationAsync($"group:{guildId}");
            var page = await conversation.HistoryAsync(beforeSeq: long.MaxValue, limit: 50);
            Merge(page.Messages);
        }

        private void OnDisable()
        {
            ChatClient.Instance.Client.MessagesReceived -= OnReceived;
        }

        public async void Send()
        {
            var text = input.text.Trim();
            if (text.Length == 0)
            {
                return;
            }
            input.text = string.Empty;
            try
            {
                var options = new SendOptions { ClientId = Guid.NewGuid().ToString(), Retry = Retry.Auto };
                Merge(new[] { await conversation.SendMessageAsync(new TextMessage(text), options) });
            }
            catch (IMException error)
            {
                input.text = text;
                Debug.Log(Explain(error.Code));
            }
        }

        private static string Explain(int code)
        {
            switch (code)
            {
                case 4030: return "Refused by moderation";
                case 4205: return "The room is muted";
                case 4206: return "Only officers can write here";
                case 4290: return "Too fast, wait a moment";
                default: return $"Not sent ({code})";
            }
        }

        private void OnReceived(IReadOnlyList<Message> messages)
        {
            Merge(messages.Where(each => each.ConversationId == conversation?.Id));
        }

        // Merged by seq: after a reconnect the same message may come twice.
        private void Merge(IEnumerable<Message> messages)
        {
            foreach (var message in messages)
            {
                bySeq[message.Seq] = message;
            }
            lines.text = string.Join("\n", bySeq.Values.Select(each => $"{each.SenderName}: {each.Text}"));
        }
    }
}
