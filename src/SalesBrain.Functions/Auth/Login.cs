using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Auth;
using SalesBrain.Core.Telemetry;
using SalesBrain.Core.Values;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Auth;

/// <summary>Signs a person in with e-mail and password, for whoever has an account.</summary>
public sealed class Login(
    RequestPipeline pipeline, SalesBrainDatabase database, SignInCheck check, SignInMetrics metrics, IAccessTokens tokens)
{
    [Function(nameof(Login))]
    [Operation("Authentication", "Sign in with e-mail address and password", AcceptsForm = true, Description =
        "Accepts JSON or the OAuth 2 password form (username, password). Send the access token as Authorization: Bearer. Before "
        + "it expires, exchange the refresh token at the refresh endpoint. After five failed attempts, each further failure locks "
        + "the account and the caller's IP address: for 1 minute, then 2, 4, 8 and at most 15. During a lockout the correct "
        + "password is refused too. Other parameters of OAuth 2 clients are ignored.")]
    [Anyone("anyone with an account")]
    [Returns(200, typeof(LoginResponse), Bare = true)]
    [Problems("invalid_credentials", "organization_suspended", "too_many_attempts", "password_checks_busy")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/auth/login")] HttpRequest request) =>
        pipeline.RunAsync<Login, LoginRequest>(request, SignInAsync);

    private async Task<IResult> SignInAsync(Call call, LoginRequest input)
    {
        var checkedSignIn = await check.CheckAsync(
            Emails.Normalize(input.Name!), input.Password, call.RemoteAddress, call.CancellationToken);
        if (checkedSignIn.Refusal is { } refusal)
        {
            return refusal;
        }
        if (checkedSignIn.User is not { } found)
        {
            return Problems.InvalidCredentials;
        }

        await using var session = await database.WritePlatformAsync(call.CancellationToken);
        var user = await SignInAccounts.LockSignInAsync(session, found.Id, call.CancellationToken);
        if (!checkedSignIn.StillHolds(user) || !Roles.TryParse(user!.Role, out var role))
        {
            return Problems.InvalidCredentials;
        }
        if (user.OrganizationStatus == "suspended")
        {
            metrics.Failed(Problems.OrganizationSuspended.Code);
            return Problems.OrganizationSuspended;
        }
        await SignInAccounts.RecordSignInAsync(session, user.Id, checkedSignIn.PasswordHash!, call.Now.UtcDateTime, call.CancellationToken);
        await SignInAttempts.ForgiveAsync(
            session, new AttemptSubject(Emails.Normalize(user.Email), call.RemoteAddress), call.CancellationToken);
        var (sessionId, refreshToken) = await RefreshTokens.BeginAsync(
            session, user.Id, user.OrganizationId, DeviceLabel.Of(call.Request), call.Now, call.CancellationToken);
        await AuditLog.WriteAsync(session, new AuditEntry(
            "user.signed_in", "user", user.Id, user.OrganizationId, user.Id, role.Name(), call.Now, call.RemoteAddress,
            new { }), call.CancellationToken);
        await session.CommitAsync();

        var (accessToken, expiresIn) = TokenResponse.Issue(
            tokens, new AccessTokenClaims(user.Id, role, sessionId, user.OrganizationId, user.AgencyId, user.ClientId), call.Now);
        return ApiResults.Bare(new LoginResponse
        {
            AccessToken = accessToken,
            ExpiresIn = expiresIn,
            RefreshToken = refreshToken,
            User = new SignedInUser
            {
                Id = user.Id,
                Email = user.Email,
                FirstName = user.FirstName,
                LastName = user.LastName,
                Role = role.Name(),
                Roles = [role.Authority()],
                OrganizationId = user.OrganizationId,
                AgencyId = user.AgencyId,
                ClientId = user.ClientId,
            },
        });
    }
}

// A class, not a record: a record's ToString would print the password.
[IgnoresUnknownMembers]
public sealed class LoginRequest : IValidatableObject
{
    /// <summary>The account's e-mail address. In the OAuth 2 form it is named <c>username</c>.</summary>
    [StringLength(320)]
    [EmailParameter]
    public string? Email { get; init; }

    /// <summary>The same in the OAuth 2 form. One of the two is required.</summary>
    [StringLength(320)]
    [EmailParameter]
    public string? Username { get; init; }

    [StringLength(1024)]
    [Verbatim]
    public required string Password { get; init; }

    /// <summary>If sent, it must be <c>password</c>.</summary>
    [AllowedValues("password")]
    public string GrantType { get; init; } = "password";

    internal string? Name => Email ?? Username;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Name is null)
        {
            yield return new("is required", [nameof(Email)]);
        }
    }
}

/// <summary>Tokens and the signed-in user.</summary>
public sealed class LoginResponse : TokenResponse
{
    public required SignedInUser User { get; init; }
}

public sealed record SignedInUser
{
    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }

    [CanonicalRole]
    public required string Role { get; init; }
    public required string[] Roles { get; init; }
    public Guid? OrganizationId { get; init; }
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }
}
