using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using SalesBrain.Core.Security;
using SalesBrain.Core.Whatsapp;
using SalesBrain.Functions.Whatsapp.Sending;

namespace SalesBrain.Tests.App;

/// <summary>An app whose messages go to a stub, and whose clock moves only when the test says so. It logs everything it can.</summary>
public sealed class SendingApp : TestApp
{
    /// <summary>The collection of the test classes that share it.</summary>
    public const string Collection = "sending";

    private static int _number = 1000000;

    public SendingApp() : base(LogLevel.Trace) => Graph = new GraphStub { Clock = Time };

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public override TimeProvider? Clock => Time;

    public DateTime Now => Time.GetUtcNow().UtcDateTime;

    public GraphStub Graph { get; }

    public MessageSender Sender => Services.GetRequiredService<MessageSender>();

    protected override void AddServices(IServiceCollection services) =>
        services.PostConfigure<HttpClientFactoryOptions>(
            "whatsapp", options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = Graph));

    /// <summary>A phone number that no other test has.</summary>
    public static string NewNumber() => "4915" + Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);

    /// <summary>Tells the sender that messages wait.</summary>
    public void Wake() => Services.GetRequiredService<MessageSignal>().Raise();

    /// <summary>Sends what is due, and waits until nothing is.</summary>
    public async Task DrainAsync(Guid organization)
    {
        for (var attempt = 0; attempt < 2000; attempt++)
        {
            Wake();
            var left = await QuerySingleAsync<int>("""
                select count(*)::int from app.message_queue q join app.whatsapp_account a on a.organization_id = q.organization_id
                where q.organization_id = @organization and (q.lease_owner is not null
                    or (q.due_at <= @Now and a.status = 'configured' and (a.sends_after is null or a.sends_after <= @Now)
                        and not exists (select from app.message_queue p where p.conversation_id = q.conversation_id and p.number < q.number and p.due_at > @Now)))
                """, new { organization, Now });
            if (left == 0)
            {
                return;
            }
            // The pace of the number, and the sender's waits.
            Time.Advance(TimeSpan.FromMilliseconds(2));
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }
        var queue = await QueryJsonAsync("""
            select q.*, m.status, m.error_code, p.next_at from app.message_queue q left join app.message m on m.id = q.message_id
            left join app.whatsapp_pace p on p.organization_id = q.organization_id where q.organization_id = @organization
            """, new { organization });
        Assert.Fail($"The queue was not drained by {Now:O}: {queue}");
    }
}

[CollectionDefinition(SendingApp.Collection)]
public sealed class SendingCollection : ICollectionFixture<SendingApp>;

/// <summary>Accounts, conversations and messages for tests of sending.</summary>
public static class SendingWorld
{
    private static int _number = 500000000;

    /// <summary>The organization's WhatsApp account.</summary>
    public static async Task CreateSenderAsync(
        this TestApp app, Guid organization, int messagesPerSecond = 1000, string status = "configured", DateTime? sendsAfter = null)
    {
        var token = app.Services.GetRequiredService<SecretBox>()
            .Seal($"token-of-{organization:N}", organization, WhatsappSecrets.TokenPurpose);
        await app.ExecuteAsync("""
            insert into app.whatsapp_account (organization_id, status, waba_id, phone_number_id, token_sealed, messages_per_second, sends_after)
            values (@organization, @status, 'waba', @phone, @token, @messagesPerSecond, @sendsAfter)
            on conflict (organization_id) do nothing
            """, new { organization, status, phone = $"{Interlocked.Increment(ref _number)}-{organization:N}", token, messagesPerSecond, sendsAfter });
    }

    /// <summary>A conversation with a person who has just written, unless told otherwise.</summary>
    public static async Task<Guid> CreateChatAsync(
        this TestApp app, Guid organization, string? peer = null, Guid? assignedTo = null, DateTime? windowEnds = null, bool hasWritten = true, string? status = null)
    {
        var contact = await app.CreateContactAsync(organization);
        var now = (app.Clock ?? TimeProvider.System).GetUtcNow().UtcDateTime;
        return await app.QuerySingleAsync<Guid>("""
            insert into app.contact_external_id (organization_id, source, external_id, contact_id, created_at)
            values (@organization, 'whatsapp', @peer, @contact, @now) on conflict do nothing;
            insert into app.conversation (organization_id, contact_id, peer_id, status, assigned_to, last_inbound_at, window_expires_at, closed_at, created_at)
            values (@organization, @contact, @peer, @status, @assignedTo, @windowEnds - interval '24 hours', @windowEnds, @closedAt, @now)
            returning id
            """, new
        {
            organization,
            contact,
            peer = peer ?? SendingApp.NewNumber(),
            status = status ?? (assignedTo is null ? "open" : "assigned"),
            assignedTo,
            windowEnds = hasWritten ? windowEnds ?? now.AddHours(24) : (DateTime?)null,
            closedAt = status == "closed" ? now : (DateTime?)null,
            now,
        });
    }

    /// <summary>A new organization with an account, and a conversation with a person who has just written.</summary>
    public static async Task<(Guid Organization, Guid Chat, string To)> StartChatAsync(this SendingApp app)
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreateSenderAsync(organization);
        var to = SendingApp.NewNumber();
        return (organization, await app.CreateChatAsync(organization, to), to);
    }

    /// <summary>What a message is now.</summary>
    public static Task<JsonElement> OutboundAsync(this SendingApp app, Guid message) => app.QuerySingleJsonAsync(
        "select status, wamid, error_code, error_message, failed_at from app.message where id = @message", new { message });

    /// <summary>How many messages of the organization are in the queue.</summary>
    public static Task<int> CountQueuedAsync(this SendingApp app, Guid organization) => app.QuerySingleAsync<int>(
        "select count(*)::int from app.message_queue where organization_id = @organization", new { organization });

    /// <summary>A message, as <c>status</c>; queued or unknown ones are in the queue.</summary>
    public static async Task<Guid> CreateOutboundAsync(
        this TestApp app, Guid organization, Guid conversation, string status = "queued", string text = "Hello")
    {
        var now = (app.Clock ?? TimeProvider.System).GetUtcNow();
        var (id, createdAt) = Core.Values.TimeOrderedIds.Create(now);
        await app.ExecuteAsync("""
            insert into app.message (id, organization_id, conversation_id, direction, type, text, status, occurred_at, created_at, updated_at)
            values (@id, @organization, @conversation, 'outbound', 'text', @text, @status, @createdAt, @createdAt, @createdAt);
            insert into app.message_queue (organization_id, message_id, message_created_at, conversation_id, due_at)
            select @organization, @id, @createdAt, @conversation, case @status when 'queued' then @createdAt end where @status in ('queued', 'unknown');
            """, new { id, organization, conversation, text, status, createdAt });
        return id;
    }
}
