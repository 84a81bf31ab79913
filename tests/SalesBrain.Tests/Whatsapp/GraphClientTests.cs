using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Whatsapp;
using SalesBrain.Integrations.Whatsapp;
using SalesBrain.LocalHost.Sandbox.Whatsapp;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp;

/// <summary>The client of the Graph API, against the sandbox.</summary>
[Collection(WhatsappApp.Collection)]
public sealed class GraphClientTests(WhatsappApp app)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Proof_of_a_token_is_that_of_the_vector() =>
        Assert.Equal(
            "1ffbd1de283674b73b070b72f8e9d46c5ed998bd8a6b715fe09a7dc0abdb91e0", GraphRequests.Proof("test-token", "test-app-secret"));

    [Fact]
    public async Task Message_is_sent_with_its_callback_data_and_what_it_answers()
    {
        var account = app.Sandbox.Add(new WhatsappSandboxAccount());

        var result = await SendAsync(account, "15551230001");

        var message = Assert.Single(app.Sandbox.Messages, message => message.Account == account);
        Assert.Equal((message.Wamid, "accepted", "15551230001"), (result.Value!.Wamid, result.Value.MessageStatus, result.Value.WaId));
        Assert.Equal(
            """{"messaging_product":"whatsapp","recipient_type":"individual","to":"15551230001","context":{"message_id":"wamid.IN1"},"type":"text","text":{"body":"Hello"},"biz_opaque_callback_data":"msg-42"}""",
            message.Json.ToJsonString());
    }

    [Theory]
    [InlineData("15551230131", 131047, 400, WhatsappRetry.No)]
    [InlineData("15551230429", 130429, 429, WhatsappRetry.Queue)]
    [InlineData("15551230056", 131056, 400, WhatsappRetry.Pair)]
    public async Task Refused_message_has_the_vendors_code(string to, int code, int status, WhatsappRetry retry)
    {
        var failure = (await SendAsync(app.Sandbox.Add(new WhatsappSandboxAccount()), to)).Failure!;

        Assert.Equal((GraphFailureKind.Refused, code, status, retry), (failure.Kind, failure.Code, failure.Status, failure.Error.Retry));
        Assert.NotEmpty(failure.Details!);
    }

    [Fact]
    public async Task Throughput_is_reached_for_a_while()
    {
        var account = app.Sandbox.Add(new WhatsappSandboxAccount());
        Assert.Equal(130429, (await SendAsync(account, "15551230429")).Failure!.Code);
        Assert.Equal(130429, (await SendAsync(account, "15551230429")).Failure!.Code);
        Assert.NotNull((await SendAsync(account, "15551230429")).Value);
    }

    [Fact]
    public async Task Page_that_is_no_json_is_known_by_its_status()
    {
        var failure = (await SendAsync(app.Sandbox.Add(new WhatsappSandboxAccount()), "15551230503")).Failure!;

        Assert.Equal((GraphFailureKind.Unreadable, 503, null), (failure.Kind, failure.Status, failure.Code));
        Assert.Equal((WhatsappRetry.Yes, false), (failure.Error.Retry, failure.Error.IsUnknown));
    }

    [Fact]
    public async Task Message_without_a_response_in_time_is_unknown_and_sent_once()
    {
        var account = app.Sandbox.Add(new WhatsappSandboxAccount());
        var sending = SendAsync(account, "15551230999");
        await Eventually.HoldsAsync(() => app.Sandbox.Messages.Any(message => message.Account == account), "The message was taken.");

        app.Time.Advance(TimeSpan.FromSeconds(20));

        var failure = (await sending).Failure!;
        Assert.Equal((GraphFailureKind.NoResponse, true, WhatsappRetry.No), (failure.Kind, failure.Error.IsUnknown, failure.Error.Retry));
        Assert.Equal(["POST messages"], account.Calls);
    }

    [Fact]
    public async Task Message_that_found_no_connection_was_not_sent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var services = Create(
            new WhatsappOptions { AppId = WhatsappSandbox.AppId, AppSecret = "x", SandboxUrl = new Uri($"http://127.0.0.1:{port}") });

        var result = await services.GetRequiredService<IWhatsappApi>().SendAsync("token", "1", Message("1"), Cancellation);

        Assert.Equal(GraphFailureKind.NotSent, result.Failure!.Kind);
        Assert.Equal((WhatsappRetry.Yes, false), (result.Failure.Error.Retry, result.Failure.Error.IsUnknown));
    }

    [Fact]
    public async Task Connection_that_breaks_after_the_request_leaves_it_unknown()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(Cancellation);
            // The request has arrived, and then the connection is closed without an answer.
            _ = await client.GetStream().ReadAtLeastAsync(new byte[64], 64, cancellationToken: Cancellation);
        }, Cancellation);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var services = Create(
            new WhatsappOptions { AppId = WhatsappSandbox.AppId, AppSecret = "x", SandboxUrl = new Uri($"http://127.0.0.1:{port}") });

        var result = await services.GetRequiredService<IWhatsappApi>().SendAsync("token", "1", Message("1"), Cancellation);

        await answering;
        Assert.Equal((GraphFailureKind.NoResponse, true), (result.Failure!.Kind, result.Failure.Error.IsUnknown));
    }

    [Fact]
    public async Task Unknown_token_and_unknown_number_are_refused()
    {
        var account = app.Sandbox.Add(new WhatsappSandboxAccount());

        var unknown = (await app.Api.SendAsync("another token", account.Numbers[0].Id, Message("1"), Cancellation)).Failure!;
        Assert.Equal((190, 401, true), (unknown.Code, unknown.Status, unknown.Error.NeedsReconnect));
        Assert.Equal(100, (await app.Api.SendAsync(account.Token, "1999", Message("1"), Cancellation)).Failure!.Code);
    }

    [Fact]
    public async Task Lists_are_read_to_their_last_page()
    {
        var account = app.Sandbox.Add(new WhatsappSandboxAccount { Numbers = [new(), new(), new(), new(), new()], PageSize = 2 });

        var numbers = (await app.Api.ListPhoneNumbersAsync(account.Token, account.WabaId, Cancellation)).Value!;

        Assert.Equal(account.Numbers.Select(number => number.Id), numbers.Select(number => number.Id));
        Assert.Equal((account.Numbers[0].DisplayNumber, "GREEN"), (numbers[0].DisplayNumber, numbers[0].Quality));
        Assert.Equal(3, (await app.Api.ListTemplatesAsync(account.Token, account.WabaId, Cancellation)).Value!.Count);
    }

    /// <summary>A GET is repeated once, a POST never.</summary>
    [Fact]
    public async Task Only_a_call_that_changes_nothing_is_repeated()
    {
        var account = app.Sandbox.Add(new WhatsappSandboxAccount());
        account.Failures["number"] = account.Failures["register"] = account.Failures["messages"] = (500, 2);

        Assert.Equal(2, (await app.Api.GetPhoneNumberAsync(account.Token, account.Numbers[0].Id, Cancellation)).Failure!.Code);
        Assert.Equal(2, (await app.Api.RegisterAsync(account.Token, account.Numbers[0].Id, "123456", Cancellation)).Failure!.Code);
        Assert.Equal(2, (await SendAsync(account, "15551230001")).Failure!.Code);

        Assert.Equal(["GET number", "GET number", "POST register", "POST messages"], account.Calls);
    }

    [Fact]
    public async Task Code_is_exchanged_once()
    {
        var account = app.Sandbox.Add(new WhatsappSandboxAccount());
        var code = app.Sandbox.CreateCode(account);

        Assert.Equal(account.Token, (await app.Api.ExchangeCodeAsync(code, Cancellation)).Value);
        var token = (await app.Api.DebugTokenAsync(account.Token, Cancellation)).Value!;
        Assert.Equal((WhatsappSandbox.AppId, true), (token.AppId, token.IsValid));
        Assert.Equal([account.WabaId], token.WabaIds);
        Assert.Equal(100, (await app.Api.ExchangeCodeAsync(code, Cancellation)).Failure!.Code);
    }

    private Task<GraphResult<SentMessage>> SendAsync(WhatsappSandboxAccount account, string to) =>
        app.Api.SendAsync(account.Token, account.Numbers[0].Id, Message(to), Cancellation);

    private static WhatsappMessage Message(string to) => new()
    {
        To = to,
        Type = "text",
        Body = new JsonObject { ["body"] = "Hello" },
        CallbackData = "msg-42",
        ReplyTo = "wamid.IN1",
    };

    private static ServiceProvider Create(WhatsappOptions options) =>
        new ServiceCollection().AddSingleton(TimeProvider.System).AddWhatsapp(options).BuildServiceProvider();
}
