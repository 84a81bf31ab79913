using System.Text.Json;

namespace SalesBrain.Core.Conversations;

/// <summary>The member <c>conversations</c> of an organization's settings.</summary>
public static class ConversationSettings
{
    /// <summary>
    /// What is wrong with it. <c>assign</c> is <c>round_robin</c> (present agents take new conversations in turns) or <c>none</c>.
    /// </summary>
    public static IEnumerable<(string Path, string Message)> Check(JsonElement settings)
    {
        if (settings.ValueKind != JsonValueKind.Object)
        {
            yield return ("", "must be an object");
            yield break;
        }
        foreach (var member in settings.EnumerateObject())
        {
            if (member.Name != "assign")
            {
                yield return ($".{member.Name}", "is not a known setting");
            }
            else if (member.Value.ValueKind != JsonValueKind.String || member.Value.GetString() is not ("round_robin" or "none"))
            {
                yield return (".assign", "must be round_robin or none");
            }
        }
    }
}
