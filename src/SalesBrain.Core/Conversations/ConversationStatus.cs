namespace SalesBrain.Core.Conversations;

/// <summary>The state of a conversation.</summary>
public enum ConversationStatus
{
    /// <summary>Nobody has it.</summary>
    Open = 1,

    /// <summary>A user has it.</summary>
    Assigned,

    /// <summary>It has ended. The person's next message begins another one.</summary>
    Closed,
}
