using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SalesBrain.Integrations.Whatsapp;
using SalesBrain.LocalHost.Sandbox.Whatsapp;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp;

/// <summary>The app with a sandbox of its own, and a clock. It logs everything.</summary>
public class WhatsappApp : TestApp, IAsyncLifetime
{
    /// <summary>The collection of the test classes that share it.</summary>
    public const string Collection = "whatsapp";

    /// <summary>The collection of tests beside which nothing else may run.</summary>
    public const string Alone = "whatsapp, alone";

    /// <summary>The secret of the app in every test.</summary>
    public const string AppSecret = WhatsappStub.AppSecret;

    private readonly WhatsappStub _stub;

    public WhatsappApp()
        : base(LogLevel.Trace) => _stub = new WhatsappStub(Time);

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public WhatsappSandbox Sandbox => _stub.Sandbox;

    public string SandboxUrl => _stub.Url;

    /// <summary>The app's client of the Graph API.</summary>
    internal IWhatsappApi Api => Services.GetRequiredService<IWhatsappApi>();

    public override TimeProvider? Clock => Time;

    public override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Whatsapp:SandboxUrl", SandboxUrl)];

    /// <summary>Connects an account as the portal does, with a new code and all ids.</summary>
    public Task<HttpResponseMessage> SignUpAsync(TestUser user, WhatsappSandboxAccount account) =>
        RequestSignUpAsync(
            user, new { code = Sandbox.CreateCode(account), waba_id = account.WabaId, phone_number_id = account.Numbers[0].Id });

    /// <summary>Sends a signup with any body; an empty one continues the signup.</summary>
    public async Task<HttpResponseMessage> RequestSignUpAsync<T>(TestUser user, T body)
    {
        using var client = As(user);
        return await client.PostAsync(WhatsappWorld.SignUp, body);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _stub.DisposeAsync();
    }
}

[CollectionDefinition(WhatsappApp.Collection)]
public sealed class WhatsappCollection : ICollectionFixture<WhatsappApp>;

[CollectionDefinition(WhatsappApp.Alone, DisableParallelization = true)]
public sealed class LonelyWhatsappCollection : ICollectionFixture<WhatsappApp>;
