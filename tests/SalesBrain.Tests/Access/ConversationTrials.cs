using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Access;

/// <summary>Calls about the WhatsApp account, conversations and messages.</summary>
internal static class ConversationTrials
{
    internal static Dictionary<string, Func<TestApp, Place, Task<Trial>>> All { get; } = new()
    {
        ["GetWhatsappStatus"] = (app, place) => WhatsappAsync(app, place, HttpMethod.Get, WhatsappWorld.Status),
        // There is nothing left to do.
        ["SignUpWhatsapp"] = (app, place) => WhatsappAsync(app, place, HttpMethod.Post, WhatsappWorld.SignUp),
        ["GetWhatsappAccount"] = (app, place) => WhatsappAsync(app, place, HttpMethod.Get, WhatsappWorld.Account),
        ["DisconnectWhatsappAccount"] = async (app, place) =>
        {
            await app.EnsureWhatsappAccountAsync(place.OrganizationId, reconnect: false);
            return new Trial(HttpMethod.Delete, $"{WhatsappWorld.Account}?organization_id={place.OrganizationId}");
        },
        ["CheckWhatsappAccount"] = (app, place) => WhatsappAsync(app, place, HttpMethod.Post, WhatsappWorld.Check),
        ["ListWhatsappTemplates"] = (app, place) => WhatsappAsync(app, place, HttpMethod.Get, WhatsappWorld.Templates),

        // Nobody has these conversations.
        ["ListConversations"] = async (app, place) =>
            Trial.List(
                $"{ConversationWorld.Path}?organization_id={place.OrganizationId}&page_size=200",
                await app.CreateConversationAsync(place.OrganizationId)),
        ["GetConversation"] = async (app, place) =>
            Trial.Get(ConversationWorld.Path, await app.CreateConversationAsync(place.OrganizationId)),
        ["ListMessages"] = async (app, place) =>
        {
            var conversation = await app.CreateConversationAsync(place.OrganizationId);
            return Trial.About(HttpMethod.Get, ConversationWorld.Path, conversation, "/messages") with
            {
                Shows = await app.CreateMessageAsync(conversation),
            };
        },
        ["ReadConversation"] = async (app, place) => Converse(await app.CreateConversationAsync(place.OrganizationId), "/read"),
        ["CloseConversation"] = async (app, place) => Converse(await app.CreateConversationAsync(place.OrganizationId), "/close"),
        ["ReopenConversation"] = async (app, place) =>
            Converse(await app.CreateConversationAsync(place.OrganizationId, status: "closed"), "/reopen"),
        ["ListConversationAssignees"] = async (app, place) => Trial.List(
            $"{ConversationWorld.Path}/assignees?organization_id={place.OrganizationId}",
            (await app.CreateUserAsync("agent", place.OrganizationId)).Id),
        ["AssignConversation"] = async (app, place) => Converse(
            await app.CreateConversationAsync(place.OrganizationId), "/assign",
            new { user_id = (await app.CreateUserAsync("agent", place.OrganizationId)).Id }),
        ["ClaimConversation"] = async (app, place) => Converse(await app.CreateConversationAsync(place.OrganizationId), "/claim"),
        // That of an agent, who is not the caller.
        ["ReleaseConversation"] = async (app, place) => Converse(
            await app.CreateConversationAsync(
                place.OrganizationId, assignedTo: (await app.CreateUserAsync("agent", place.OrganizationId)).Id),
            "/release"),

        ["SendMessage"] = async (app, place) =>
        {
            await SenderAsync(app, place);
            return new Trial(HttpMethod.Post, "/api/messages/send", new
            {
                organization_id = place.OrganizationId,
                to = SendingApp.NewNumber(),
                template = new { name = "appointment_reminder", language = "en_US" },
            });
        },
        ["SendConversationMessage"] = async (app, place) =>
            Trial.About(HttpMethod.Post, "/api/conversations", await ChatAsync(app, place), "/messages", new { text = "Hello" }),
        ["RetryMessage"] = async (app, place) => Trial.About(HttpMethod.Post, "/api/messages", await MessageAsync(app, place), "/retry"),
        ["FailMessage"] = async (app, place) => Trial.About(HttpMethod.Post, "/api/messages", await MessageAsync(app, place), "/fail"),
    };

    /// <summary>A call about an account that is connected.</summary>
    private static async Task<Trial> WhatsappAsync(TestApp app, Place place, HttpMethod method, string path)
    {
        await app.EnsureWhatsappAccountAsync(place.OrganizationId, reconnect: true);
        return method == HttpMethod.Get
            ? Trial.Get($"{path}?organization_id={place.OrganizationId}")
            : new Trial(method, path, new { organization_id = place.OrganizationId });
    }

    /// <summary>The account of the organization. What it sends waits.</summary>
    private static async Task SenderAsync(TestApp app, Place place)
    {
        // The one that the calls about the account use and disconnect, in whatever order the calls are tried.
        await app.EnsureWhatsappAccountAsync(place.OrganizationId, reconnect: true);
        await app.ExecuteAsync(
            "update app.whatsapp_account set sends_after = '9000-01-01Z' where organization_id = @OrganizationId and sends_after is null",
            place);
    }

    private static async Task<Guid> ChatAsync(TestApp app, Place place)
    {
        await SenderAsync(app, place);
        return await app.CreateChatAsync(place.OrganizationId);
    }

    private static async Task<Guid> MessageAsync(TestApp app, Place place) =>
        await app.CreateOutboundAsync(place.OrganizationId, await ChatAsync(app, place), "unknown");

    private static Trial Converse(Guid conversation, string action, object? body = null) =>
        Trial.About(HttpMethod.Post, ConversationWorld.Path, conversation, action, body);
}
