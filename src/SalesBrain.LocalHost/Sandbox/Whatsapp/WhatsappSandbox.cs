using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static SalesBrain.LocalHost.Sandbox.Whatsapp.GraphResponses;

namespace SalesBrain.LocalHost.Sandbox.Whatsapp;

/// <summary>
/// Meta's Graph API, as far as WhatsApp needs it. Messages are sent, refused or never answered by the last four digits of the recipient; a
/// person with another number reads the message and answers it, where the sandbox knows the app's webhook.
/// </summary>
public sealed class WhatsappSandbox(TimeProvider clock)
{
    public const string AppId = "900000000000001";
    public const string AppSecret = "sandbox-app-secret";
    public const string VerifyToken = "sandbox-verify-token";

    /// <summary>Below the base URL of the local host.</summary>
    public const string Path = "/sandbox/whatsapp";

    private readonly SandboxCodes<WhatsappSandboxAccount> _codes = new(clock, TimeSpan.FromSeconds(30));
    private readonly ConcurrentDictionary<string, int> _attempts = new(StringComparer.Ordinal);

    /// <summary>The secret of the app; the tests of the app have another one.</summary>
    public string Secret { get; init; } = AppSecret;

    /// <summary>Sends events to the app; null: nobody answers, and no status comes.</summary>
    public WhatsappPusher? Pusher { get; init; }

    /// <summary>The accounts by their token.</summary>
    public ConcurrentDictionary<string, WhatsappSandboxAccount> Accounts { get; } = new(StringComparer.Ordinal);

    /// <summary>The messages that were taken, also those whose sender got no response.</summary>
    public ConcurrentQueue<WhatsappSandboxMessage> Messages { get; } = [];

    /// <summary>The ids of people's messages that were marked as read, with the account.</summary>
    public ConcurrentQueue<(WhatsappSandboxAccount Account, string Wamid)> ReadReceipts { get; } = [];

    /// <summary>How often a message to …0429 is refused before it is taken.</summary>
    public int ThroughputRefusals { get; set; } = 2;

    /// <summary>How often a message to …0056 is refused before it is taken.</summary>
    public int PairRefusals { get; set; } = int.MaxValue;

    /// <summary>The account of the demo organization, whose token and numbers are always the same.</summary>
    public static WhatsappSandboxAccount CreateDemoAccount() => new()
    {
        WabaId = "200000000000001",
        Token = "sandbox-token-of-acme",
        Numbers = [new() { Id = "100000000000001", DisplayNumber = "+1 555-000-1111", VerifiedName = "Acme", Pin = "000000" }],
        IsSubscribed = true,
    };

    /// <summary>The app's settings with which it uses the sandbox of a host.</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> SettingsFor(Uri host) =>
    [
        new("Whatsapp:SandboxUrl", host.GetLeftPart(UriPartial.Authority) + Path),
        new("Whatsapp:AppId", AppId),
        new("Whatsapp:AppSecret", AppSecret),
        new("Whatsapp:VerifyToken", VerifyToken),
    ];

    public WhatsappSandboxAccount Add(WhatsappSandboxAccount account)
    {
        Accounts[account.Token] = account;
        return account;
    }

    /// <summary>A code that the browser would bring back from an embedded signup with the account.</summary>
    public string CreateCode(WhatsappSandboxAccount account)
    {
        var code = $"SBC{Convert.ToHexString(RandomNumberGenerator.GetBytes(16))}";
        _codes.Add(code, account);
        return code;
    }

    /// <summary>Serves the sandbox below <see cref="Path"/>.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost($"{Path}/signup", SignUp);
        const string Api = $"{Path}/{{version}}";
        endpoints.MapGet($"{Api}/oauth/access_token", ExchangeCode);
        endpoints.MapGet($"{Api}/debug_token", DebugToken);
        endpoints.MapGet($"{Api}/{{id}}/phone_numbers", (HttpRequest request, string id) => OfAccount(request, id, "phone_numbers", account =>
            Page(request, account, account.Numbers.ConvertAll(Describe))));
        endpoints.MapGet($"{Api}/{{id}}/message_templates", (HttpRequest request, string id) => OfAccount(request, id, "message_templates", account =>
            Page(request, account, account.Templates.ConvertAll(Describe))));
        endpoints.MapMethods($"{Api}/{{id}}/subscribed_apps", ["POST", "DELETE"], (HttpRequest request, string id) => OfAccount(request, id, "subscribed_apps", account =>
        {
            account.IsSubscribed = HttpMethods.IsPost(request.Method);
            return Results.Json(new { success = true });
        }));
        endpoints.MapGet(
            $"{Api}/{{id}}",
            (HttpRequest request, string id) => OfNumber(request, id, "number", (_, number) => Results.Json(Describe(number))));
        endpoints.MapPost($"{Api}/{{id}}/register", RegisterAsync);
        endpoints.MapPost($"{Api}/{{id}}/messages", SendAsync);
    }

    /// <summary>
    /// In place of the pop-up in the browser: makes an account and a code for it. <c>kind</c> is <c>new</c>, or <c>coexistence</c>, where
    /// the pop-up does not name the phone number.
    /// </summary>
    private IResult SignUp(string? kind)
    {
        var account = Add(new WhatsappSandboxAccount());
        var code = CreateCode(account);
        return kind == "coexistence"
            ? Results.Json(new { code, waba_id = account.WabaId })
            : Results.Json(new { code, waba_id = account.WabaId, phone_number_id = account.Numbers[0].Id });
    }

    private IResult ExchangeCode(HttpRequest request)
    {
        var query = request.Query;
        if (query["client_id"] != AppId || query["client_secret"] != Secret)
        {
            return Error(400, 101, "Error validating application. Invalid application ID or secret.");
        }
        return _codes.Take(query["code"].ToString(), out var account) switch
        {
            SandboxCodeState.Unknown => Error(400, 100, "Invalid verification code format."),
            SandboxCodeState.Used => Error(400, 100, "This authorization code has been used."),
            SandboxCodeState.Expired => Error(400, 100, "This authorization code has expired."),
            _ => FailureOf(account!, "access_token") ?? Results.Json(new { access_token = account!.Token, token_type = "bearer" }),
        };
    }

    private IResult DebugToken(HttpRequest request)
    {
        if (request.Query["access_token"] != $"{AppId}|{Secret}")
        {
            return Error(401, 190, "Invalid OAuth access token.");
        }
        if (!Accounts.TryGetValue(request.Query["input_token"].ToString(), out var account))
        {
            return Results.Json(
                new { data = new { is_valid = false, error = new { code = 190, message = "Invalid OAuth access token." } } });
        }
        account.Calls.Enqueue("GET debug_token");
        var targets = account.GrantedWabaIds ?? [account.WabaId];
        return FailureOf(account, "debug_token") ?? Results.Json(new
        {
            data = new
            {
                app_id = account.TokenAppId,
                type = "SYSTEM_USER",
                application = "SalesBrain",
                is_valid = account.IsTokenValid,
                expires_at = 0,
                data_access_expires_at = 0,
                scopes = account.Scopes,
                granular_scopes = account.Scopes.Select(scope => new { scope, target_ids = targets }),
                user_id = "400000000000001",
            },
        });
    }

    private async Task<IResult> RegisterAsync(HttpRequest request, string id)
    {
        var json = await ReadAsync(request);
        return OfNumber(request, id, "register", (_, number) =>
        {
            if ((string?)json?["messaging_product"] != "whatsapp" || (string?)json["pin"] is not { Length: 6 } pin
                || !pin.All(char.IsAsciiDigit))
            {
                return Error(400, 100, "Invalid parameter");
            }
            if (number.Pin is not null && number.Pin != pin)
            {
                return Error(400, 133005, "Two step verification PIN Mismatch");
            }
            number.Pin = pin;
            return Results.Json(new { success = true });
        });
    }

    private async Task<IResult> SendAsync(HttpRequest request, string id)
    {
        var json = await ReadAsync(request);
        WhatsappSandboxMessage? message = null;
        if ((string?)json?["status"] == "read")
        {
            return OfNumber(request, id, "read", (account, _) =>
            {
                if ((string?)json["messaging_product"] != "whatsapp" || (string?)json["message_id"] is not { Length: > 0 } wamid)
                {
                    return Error(400, 100, "Invalid parameter");
                }
                ReadReceipts.Enqueue((account, wamid));
                return Results.Json(new { success = true });
            });
        }
        var answer = OfNumber(request, id, "messages", (account, number) =>
        {
            if ((string?)json?["messaging_product"] != "whatsapp" || (string?)json["to"] is not { Length: > 0 } to
                || json[(string?)json["type"] ?? "text"] is null)
            {
                return Error(400, 100, "(#100) The parameter messaging_product is required.");
            }
            if (Refusal(number, to) is { } refusal)
            {
                return refusal;
            }
            message = new WhatsappSandboxMessage(WhatsappEvents.CreateWamid(), account, number, to, json);
            Messages.Enqueue(message);
            return Results.Json(new
            {
                messaging_product = "whatsapp",
                contacts = new[] { new { input = to, wa_id = string.Concat(to.Where(char.IsAsciiDigit)) } },
                messages = new[] { new { id = message.Wamid, message_status = "accepted" } },
            });
        });
        if (message is not null && message.To.EndsWith("0999", StringComparison.Ordinal))
        {
            // Taken, but the sender never learns it.
            await Task.Delay(Timeout.Infinite, request.HttpContext.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        else if (message is not null && Pusher is not null)
        {
            _ = WhatsappPeople.ReactAsync(message, Pusher, clock);
        }
        return answer;
    }

    /// <summary>Why a message to the recipient is not taken; null if it is.</summary>
    private IResult? Refusal(WhatsappSandboxNumber number, string to) => to.Length < 4 ? null : to[^4..] switch
    {
        "0131" => Error(
            400, 131047, "(#131047) Re-engagement message",
            "Message failed to send because more than 24 hours have passed since the customer last replied to this number."),
        "0429" when Count(number, to) <= ThroughputRefusals =>
            Error(429, 130429, "(#130429) Rate limit hit", "Cloud API message throughput has been reached."),
        "0056" when Count(number, to) <= PairRefusals => Error(
            400, 131056, "(#131056) (Business Account, Consumer Account) pair rate limit hit",
            "Message failed to send because there were too many messages sent from this phone number to the same phone number in "
            + "a short period of time."),
        "0503" => Page503(),
        _ => null,
    };

    private int Count(WhatsappSandboxNumber number, string to) => _attempts.AddOrUpdate($"{number.Id} {to}", 1, (_, count) => count + 1);

    private IResult OfAccount(HttpRequest request, string id, string call, Func<WhatsappSandboxAccount, IResult> respond)
    {
        var (account, refusal) = Authenticate(request);
        if (account is null)
        {
            return refusal!;
        }
        account.Calls.Enqueue($"{request.Method} {call}");
        return id != account.WabaId ? NotFound(id) : FailureOf(account, call) ?? respond(account);
    }

    private IResult OfNumber(
        HttpRequest request, string id, string call, Func<WhatsappSandboxAccount, WhatsappSandboxNumber, IResult> respond)
    {
        var (account, refusal) = Authenticate(request);
        if (account is null)
        {
            return refusal!;
        }
        account.Calls.Enqueue($"{request.Method} {call}");
        return account.Numbers.Find(number => number.Id == id) is not { } found
            ? NotFound(id)
            : FailureOf(account, call) ?? respond(account, found);
    }

    private (WhatsappSandboxAccount? Account, IResult? Refusal) Authenticate(HttpRequest request)
    {
        var token = SandboxServer.Bearer(request) ?? "";
        if (!Accounts.TryGetValue(token, out var account) || !account.IsTokenValid)
        {
            return (null, Error(401, 190, "Invalid OAuth access token - Cannot parse access token"));
        }
        var proof = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(token)));
        return request.Query["appsecret_proof"] == proof
            ? (account, null)
            : (null, Error(400, 100, "Invalid appsecret_proof provided in the API argument"));
    }
}
