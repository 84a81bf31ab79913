using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Auditing;
using SalesBrain.Data.Identity;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Auth;

/// <summary>Signs a person in with e-mail and password, for whoever has an account.</summary>
public sealed class Login(
    FrontDoor frontDoor, SalesBrainDatabase database, Passwords passwords, IAccessTokens tokens, TimeProvider clock)
{
    [Function(nameof(Login))]
    [Endpoint("Authentication", "Signs in with e-mail and password", AcceptsForm = true,
        Description = "Takes JSON, or the OAuth 2 password form (username, password). Send the access token as Authorization: Bearer.")]
    [Anyone("anyone with an account")]
    [Answers(200, typeof(LoginAnswer), Bare = true)]
    [Problems("invalid_credentials", "organization_suspended")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/auth/login")] HttpRequest request,
        CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<Login, LoginRequest>(request, SignInAsync, cancellationToken);

    private async Task<IResult> SignInAsync(Call call, LoginRequest input, CancellationToken cancellationToken)
    {
        if (input.Name is null || input.Password is null)
        {
            return Problems.InvalidMember(input.Name is null ? "email" : "password", "is required");
        }
        var user = await Users.FindSignInAsync(database.ReadPlatform(), Emails.Normalize(input.Name), cancellationToken);
        // An unknown address costs a hash as well, and is told the same.
        var verified = await passwords.VerifyAsync(user?.PasswordHash, input.Password, cancellationToken);
        if (user is null || verified == PasswordCheck.Wrong || user.Status != "active" || !Roles.TryParse(user.Role, out var role))
        {
            return Problems.InvalidCredentials;
        }
        if (user.OrganizationStatus == "suspended")
        {
            return Problems.OrganizationSuspended;
        }

        var now = clock.GetUtcNow();
        var newHash = verified == PasswordCheck.RightButOutdated ? await passwords.HashAsync(input.Password, cancellationToken) : null;
        await using (var session = await database.WritePlatformAsync(cancellationToken))
        {
            await Users.RecordSignInAsync(session, user.Id, now.UtcDateTime, cancellationToken);
            if (newHash is not null)
            {
                await Users.SetPasswordHashAsync(session, user.Id, newHash, cancellationToken);
            }
            await AuditLog.WriteAsync(session, new AuditEntry(
                "user.signed_in", "user", user.Id, user.OrganizationId, user.Id, role.Name(), now, call.RemoteAddress, new { }), cancellationToken);
            await session.CommitAsync();
        }

        var claims = new AccessTokenClaims(user.Id, role, Guid.CreateVersion7(now), user.OrganizationId, user.AgencyId, user.ClientId);
        var (token, expires) = tokens.Issue(claims, now);
        return Answer.Bare(new LoginAnswer
        {
            AccessToken = token,
            ExpiresIn = (int)Math.Ceiling((expires - now).TotalSeconds),
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

public sealed record LoginRequest
{
    /// <summary>The account's address. The OAuth 2 form calls it <c>username</c>.</summary>
    [StringLength(320)]
    public string? Email { get; init; }

    [StringLength(320)]
    public string? Username { get; init; }

    [StringLength(1024)]
    public string? Password { get; init; }

    /// <summary>Only <c>password</c>, where a client sends it.</summary>
    [AllowedValues("password")]
    public string GrantType { get; init; } = "password";

    /// <summary>OAuth 2 clients may send it; it has no meaning here.</summary>
    public string? Scope { get; init; }

    internal string? Name => Email ?? Username;
}

/// <summary>RFC 6749, section 5.1, and beside it who signed in.</summary>
public sealed record LoginAnswer
{
    public required string AccessToken { get; init; }

    public string TokenType => "Bearer";

    /// <summary>Seconds.</summary>
    public required int ExpiresIn { get; init; }

    public required SignedInUser User { get; init; }
}

public sealed record SignedInUser
{
    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public required string Role { get; init; }
    public required string[] Roles { get; init; }
    public Guid? OrganizationId { get; init; }
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }
}
