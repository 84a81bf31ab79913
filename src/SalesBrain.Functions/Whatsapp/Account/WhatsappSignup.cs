using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Whatsapp;
using SalesBrain.Data.Whatsapp.Account;
using SalesBrain.Integrations.Whatsapp;

namespace SalesBrain.Functions.Whatsapp.Account;

/// <summary>
/// Connects a WhatsApp Business Account in steps. Each is a call of the Graph API that may be repeated, and is stored when it is done. So a
/// signup that was interrupted is continued with the token that was stored first.
/// </summary>
public sealed class WhatsappSignup(IWhatsappApi whatsapp, WhatsappOptions options, WhatsappTokens tokens, ILogger<WhatsappSignup> log)
{
    internal async Task<IResult> RunAsync(Call call, Guid organizationId, SignUpWhatsappRequest input)
    {
        if (!options.IsSetUp)
        {
            return Problems.WhatsappNotSetUp;
        }
        var known = await WhatsappAccounts.FindAsync(call.Read(), organizationId, call.CancellationToken);
        if (input.Code is { } code)
        {
            return known is { Status: "configured" }
                ? Problems.WhatsappAlreadyConnected
                : await BeginAsync(call, organizationId, code, input, receives: known is { Status: "needs_reconnect" });
        }
        return known switch
        {
            { Status: "configured" } => ApiResults.Ok<WhatsappAccount>(known),
            { Status: "pending" } when input.WabaId is not null && input.WabaId != known.WabaId =>
                Problems.InvalidMember("waba_id", "must be the account of the signup that is continued"),
            { Status: "pending" } => await ContinueAsync(call, known, input),
            _ => Problems.WhatsappCodeRequired,
        };
    }

    /// <param name="receives">
    /// Whether there is an account that still receives messages, although it cannot send: a token that cannot be used does not replace it.
    /// </param>
    private async Task<IResult> BeginAsync(Call call, Guid organizationId, string code, SignUpWhatsappRequest input, bool receives)
    {
        // The code works once: a caller who goes away must not lose the token.
        var exchange = await whatsapp.ExchangeCodeAsync(code, CancellationToken.None);
        if (exchange.Value is not { } token)
        {
            log.LogWarning("A WhatsApp signup failed at the exchange of the code: {Failure}", exchange.Failure);
            return exchange.Failure is { Kind: GraphFailureKind.Refused, Error.Retry: WhatsappRetry.No } ? Problems.WhatsappCodeRefused
                : Problems.WhatsappUnavailable.Because(
                    "Meta did not exchange the code. Try again at once; if Meta then refuses the code, sign up at Meta again.");
        }
        var wabaId = input.WabaId;
        if (wabaId is null || receives)
        {
            var debugged = await whatsapp.DebugTokenAsync(token, CancellationToken.None);
            if (debugged.Value is { } granted)
            {
                if (wabaId is null && granted.WabaIds is not [_])
                {
                    return Problems.InvalidMember("waba_id", "is required, because the signup did not grant exactly one account");
                }
                wabaId ??= granted.WabaIds[0];
                if (receives && FindRefusal(granted, wabaId) is { } refusal)
                {
                    return ProblemOf(refusal);
                }
            }
            else if (wabaId is null)
            {
                return Problems.WhatsappUnavailable.Because("Meta did not say which account was granted. Sign up at Meta again.");
            }
        }
        StoredWhatsappAccount? begun;
        await using (var session = await call.WriteAsync())
        {
            begun = await WhatsappAccounts.BeginAsync(
                session, organizationId, wabaId, input.Coexistence ?? input.PhoneNumberId is null, tokens.Seal(token, organizationId),
                WhatsappTokens.Last4(token), call.Caller.UserId, call.Now.UtcDateTime, CancellationToken.None);
            if (begun is null)
            {
                return Problems.WhatsappAlreadyConnected;
            }
            await call.AuditAsync(
                session, "whatsapp_account.signup_started", "whatsapp_account", begun.Id, organizationId, new { waba_id = wabaId });
            await session.CommitAsync();
        }
        return await ContinueAsync(call, begun, input);
    }

    private async Task<IResult> ContinueAsync(Call call, StoredWhatsappAccount account, SignUpWhatsappRequest input)
    {
        if (tokens.Open(account) is not { } token)
        {
            return (await RefuseAsync(call, account, Problems.WhatsappTokenRefused.Because(
                "The access token that the signup began with cannot be decrypted any more. Sign up at Meta again."))).Problem!;
        }
        foreach (var step in (Func<Call, StoredWhatsappAccount, string, SignUpWhatsappRequest, Task<Outcome>>[])[CheckTokenAsync, FindNumberAsync, SubscribeAsync, RegisterAsync])
        {
            var outcome = await step(call, account, token, input);
            if (outcome.Problem is { } problem)
            {
                return problem;
            }
            account = outcome.Account!;
        }
        return await ShowNumberAsync(call, account, token);
    }

    private async Task<Outcome> CheckTokenAsync(Call call, StoredWhatsappAccount account, string token, SignUpWhatsappRequest input)
    {
        if (account.TokenCheckedAt is not null)
        {
            return account;
        }
        var result = await whatsapp.DebugTokenAsync(token, call.CancellationToken);
        if (result.Value is not { } granted)
        {
            return await FailAsync(call, account, "token_checked", result.Failure!);
        }
        return FindRefusal(granted, account.WabaId) is { } reason
            ? await RefuseAsync(call, account, ProblemOf(reason))
            : Outcome.Of(await WhatsappAccounts.SetTokenCheckedAsync(
                call.AutoCommit(), account, granted.Scopes, call.Now.UtcDateTime, call.CancellationToken));
    }

    private TokenRefusal? FindRefusal(GraphToken granted, string wabaId) =>
        SignupRules.FindRefusal(granted.IsValid, granted.AppId, granted.Scopes, granted.WabaIds, options.AppId, wabaId);

    private async Task<Outcome> FindNumberAsync(Call call, StoredWhatsappAccount account, string token, SignUpWhatsappRequest input)
    {
        var coexists = input.Coexistence ?? account.Coexists;
        if (account.NumberFoundAt is not null && coexists == account.Coexists
            && (input.PhoneNumberId ?? account.PhoneNumberId) == account.PhoneNumberId)
        {
            return account;
        }
        var result = await whatsapp.ListPhoneNumbersAsync(token, account.WabaId, call.CancellationToken);
        if (result.Value is not { } numbers)
        {
            return await FailAsync(call, account, "number_found", result.Failure!);
        }
        if (numbers.Count == 0)
        {
            return Problems.WhatsappNoNumber;
        }
        if (SignupRules.ChooseNumber([.. numbers.Select(number => number.Id)], input.PhoneNumberId, account.PhoneNumberId) is not { } id)
        {
            return Problems.InvalidMember("phone_number_id", input.PhoneNumberId is null
                ? "is required, because the account has several: "
                    + $"{string.Join(", ", numbers.Select(number => $"{number.Id} ({number.DisplayNumber})"))}"
                : "must be a phone number of the WhatsApp Business Account");
        }
        var chosen = numbers.First(number => number.Id == id);
        try
        {
            return Outcome.Of(await WhatsappAccounts.SetNumberAsync(
                call.AutoCommit(), account, Shown(chosen), coexists, call.Now.UtcDateTime, call.CancellationToken));
        }
        catch (PostgresException e) when (DatabaseProblems.Of(e) == Problems.WhatsappNumberTaken)
        {
            // Shown with the account, which stays pending. Not which organization has the number.
            var taken = Problems.WhatsappNumberTaken;
            await WhatsappAccounts.SetErrorAsync(
                call.AutoCommit(), account, taken.Code, taken.Detail, call.Now.UtcDateTime, call.CancellationToken);
            return taken;
        }
    }

    private async Task<Outcome> SubscribeAsync(Call call, StoredWhatsappAccount account, string token, SignUpWhatsappRequest input)
    {
        if (account.SubscribedAt is not null)
        {
            return account;
        }
        var result = await whatsapp.SubscribeAsync(token, account.WabaId, call.CancellationToken);
        return result.Failure is { } failure
            ? await FailAsync(call, account, "subscribed", failure)
            : Outcome.Of(
                await WhatsappAccounts.SetSubscribedAsync(call.AutoCommit(), account, call.Now.UtcDateTime, call.CancellationToken));
    }

    /// <summary>Registers the number, unless it is also used in the app, and completes the signup.</summary>
    private async Task<Outcome> RegisterAsync(Call call, StoredWhatsappAccount account, string token, SignUpWhatsappRequest input)
    {
        if (!account.Coexists && account.RegisteredAt is null)
        {
            // The PIN is stored first: a registration that is repeated must have the same one.
            if (await EnsurePinAsync(call, account) is not { } pin)
            {
                return Problems.Conflict;
            }
            var result = await whatsapp.RegisterAsync(token, account.PhoneNumberId!, pin, call.CancellationToken);
            if (result.Failure is { } failure)
            {
                return await FailAsync(call, account, "registered", failure);
            }
        }
        await using var session = await call.WriteAsync();
        var configured = await WhatsappAccounts.SetConfiguredAsync(
            session, account, SignupRules.MessagesPerSecond(account.Coexists), call.Now.UtcDateTime, call.CancellationToken);
        if (configured is null)
        {
            // The same signup was completed by another request, or the account was disconnected.
            return await WhatsappAccounts.FindAsync(session, account.OrganizationId, call.CancellationToken) is { Status: "configured" } other ? other : Problems.Conflict;
        }
        await call.AuditAsync(
            session, "whatsapp_account.connected", "whatsapp_account", account.Id, account.OrganizationId,
            AuditedChanges.Created<WhatsappAccount>(configured));
        await session.CommitAsync();
        return configured;
    }

    /// <summary>The PIN to register the number with: the one of before, unless it cannot be decrypted any more. Null: conflict.</summary>
    private async Task<string?> EnsurePinAsync(Call call, StoredWhatsappAccount account)
    {
        var unreadable = account.PinSealed is { } former && tokens.OpenPin(former, account.OrganizationId) is null ? former : null;
        return await WhatsappAccounts.EnsurePinAsync(
            call.AutoCommit(), account, tokens.CreatePin(account.OrganizationId), unreadable, call.Now.UtcDateTime, call.CancellationToken) is { } pin
            ? tokens.OpenPin(pin, account.OrganizationId)
            : null;
    }

    /// <summary>Shows the number as Meta describes it after the registration. The account works without that.</summary>
    private async Task<IResult> ShowNumberAsync(Call call, StoredWhatsappAccount account, string token)
    {
        var result = await whatsapp.GetPhoneNumberAsync(token, account.PhoneNumberId!, call.CancellationToken);
        if (result.Value is not { } number)
        {
            log.LogWarning("A connected WhatsApp number could not be read: {Failure}", result.Failure);
            return ApiResults.Ok<WhatsappAccount>(account);
        }
        var shown = await WhatsappAccounts.SetCheckedAsync(
            call.AutoCommit(), account, Shown(number), call.Now.UtcDateTime, call.CancellationToken);
        return ApiResults.Ok<WhatsappAccount>(shown ?? account);
    }

    /// <summary>Stores why a step failed. A token that Meta no longer accepts is forgotten.</summary>
    private async Task<Outcome> FailAsync(Call call, StoredWhatsappAccount account, string step, GraphFailure failure)
    {
        log.LogWarning("A WhatsApp signup failed at the step {Step}: {Failure}", step, failure);
        if (failure.Error.NeedsReconnect)
        {
            return await RefuseAsync(call, account, Problems.WhatsappTokenRefused);
        }
        if (failure.Kind != GraphFailureKind.Refused)
        {
            return Problems.WhatsappUnavailable.Because(
                "WhatsApp cannot be reached, or failed. Send the request again without a code to continue.");
        }
        var message = failure.Error.Sentence;
        await WhatsappAccounts.SetErrorAsync(
            call.AutoCommit(), account, failure.Code?.ToString() ?? step, message, call.Now.UtcDateTime, call.CancellationToken);
        return Problems.WhatsappRefused.Because(
            $"WhatsApp refused the step {step} with the error {failure.Code}: {message} Then send the request again without a code.");
    }

    /// <summary>Forgets a token that must not be used.</summary>
    private static async Task<Outcome> RefuseAsync(Call call, StoredWhatsappAccount account, Problem problem)
    {
        await using var session = await call.WriteAsync();
        if (await WhatsappAccounts.DisconnectAsync(session, account, problem.Code, problem.Detail, call.Now.UtcDateTime, call.CancellationToken) is null)
        {
            return Problems.Conflict;
        }
        await call.AuditAsync(
            session, "whatsapp_account.signup_refused", "whatsapp_account", account.Id, account.OrganizationId,
            new { waba_id = account.WabaId, reason = problem.Code });
        await session.CommitAsync();
        return problem;
    }

    private static Problem ProblemOf(TokenRefusal refusal) => refusal switch
    {
        TokenRefusal.OtherApp => Problems.WhatsappTokenRefused.Because(
            "The access token was issued to another Meta app. Compare the app of the signup with that of this installation."),
        TokenRefusal.ScopeMissing => Problems.WhatsappTokenRefused.Because(
            "The signup did not grant all permissions: whatsapp_business_management and whatsapp_business_messaging are "
            + "needed. Sign up at Meta again."),
        TokenRefusal.AccountNotGranted => Problems.WhatsappAccountNotGranted,
        _ => Problems.WhatsappTokenRefused,
    };

    internal static ShownNumber Shown(WhatsappNumber number) => new(number.Id, number.DisplayNumber, number.VerifiedName, number.Quality);

    /// <summary>The account after a step, or the problem that ends the request.</summary>
    private readonly record struct Outcome(StoredWhatsappAccount? Account, Problem? Problem)
    {
        /// <summary>A step that was stored. Null: another request has changed the account meanwhile.</summary>
        internal static Outcome Of(StoredWhatsappAccount? account) => account is null ? Problems.Conflict : account;

        public static implicit operator Outcome(StoredWhatsappAccount account) => new(account, null);

        public static implicit operator Outcome(Problem problem) => new(null, problem);
    }
}
