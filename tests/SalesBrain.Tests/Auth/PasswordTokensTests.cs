using Npgsql;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Auth;

/// <summary>Invitations as those make them who create users: inside the change's transaction, as themselves.</summary>
[Collection(SignInApp.Collection)]
public sealed class PasswordTokensTests(SignInApp app) : IAsyncLifetime
{
    private SalesBrainDatabase _database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _database = new SalesBrainDatabase(
            new() { TenantConnectionString = app.Database.Tenant, PlatformConnectionString = app.Database.Platform });
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("owner", "owner", true)]
    [InlineData("owner", "member", true)]
    [InlineData("admin", "admin", true)]
    [InlineData("admin", "owner", false)]
    [InlineData("member", "member", false)]
    [InlineData("agency_admin", "agency_staff", true)]
    [InlineData("agency_admin", "agency_admin", false)]
    [InlineData("agency_admin", "member", false)]
    [InlineData("agency_staff", "agency_staff", false)]
    [InlineData("client_admin", "client_user", true)]
    [InlineData("client_admin", "member", false)]
    [InlineData("client_user", "client_user", false)]
    [InlineData("read_only", "member", false)]
    public async Task Invitation_is_made_by_those_alone_who_may_change_the_user(string inviting, string invited, bool may)
    {
        var inviter = await app.CreateUserAsync(inviting);
        var user = await app.CreateUserAsync(
            invited, inviter.OrganizationId, invited.StartsWith("agency", StringComparison.Ordinal) ? inviter.AgencyId : null,
            invited.StartsWith("client", StringComparison.Ordinal) ? inviter.ClientId : null, status: "invited");

        var issuing = IssueAsync(inviter, user);

        if (may)
        {
            using var response = await app.TrySetPasswordAsync(await issuing, "a new and longer password");
            Assert.True(response.IsSuccessStatusCode);
        }
        else
        {
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => issuing)).SqlState);
        }
    }

    [Fact]
    public async Task Nobody_invites_into_another_organization()
    {
        var owner = await app.CreateUserAsync("owner");
        var stranger = await app.CreateUserAsync("member", status: "invited");

        var outside = await Assert.ThrowsAsync<PostgresException>(() => IssueAsync(owner, stranger));
        var disguised = await Assert.ThrowsAsync<PostgresException>(
            () => IssueAsync(owner, stranger with { OrganizationId = owner.OrganizationId }));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, outside.SqlState);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, disguised.SqlState);
    }

    [Fact]
    public async Task Second_invitation_replaces_the_first_also_when_another_sends_it()
    {
        var owner = await app.CreateUserAsync("owner");
        var user = await app.CreateUserAsync("member", owner.OrganizationId, status: "invited");
        var admin = await app.CreateUserAsync("admin", owner.OrganizationId);
        var first = await IssueAsync(owner, user);
        var second = await IssueAsync(admin, user);

        using var refused = await app.TrySetPasswordAsync(first, "a new and longer password");
        using var taken = await app.TrySetPasswordAsync(second, "a new and longer password");

        await refused.ProblemAsync(System.Net.HttpStatusCode.Gone, "password_link_invalid");
        Assert.True(taken.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Change_that_is_not_committed_leaves_no_invitation()
    {
        var owner = await app.CreateUserAsync("owner");
        var user = await app.CreateUserAsync("member", owner.OrganizationId, status: "invited");

        await using (var session = await _database.WriteTenantAsync(ContextOf(owner), Cancel))
        {
            await PasswordTokens.IssueInvitationAsync(session, user.OrganizationId, user.Id, app.Time.GetUtcNow(), Cancel);
        }

        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*) from app.password_token where user_id = @Id", new { user.Id }));
    }

    /// <summary>Those who may disable a user see none of their tokens: the database ends them by itself.</summary>
    [Fact]
    public async Task Disabling_a_user_as_their_agency_ends_their_sessions_and_links()
    {
        var agency = await app.CreateUserAsync("agency_admin");
        var user = await app.CreateUserAsync("agency_staff", agency.OrganizationId, agency.AgencyId, password: AuthWorld.Password);
        await app.SignInAsync(user);
        await app.RequestResetAsync(user);

        await using (var session = await _database.WriteTenantAsync(ContextOf(agency), Cancel))
        {
            Assert.Equal(1, await session.ExecuteAsync("update app.user set status = 'disabled' where id = @Id", new { user.Id }, Cancel));
            await session.CommitAsync();
        }

        Assert.Equal(0, await app.SessionsOfAsync(user));
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*) from app.password_token where user_id = @Id and used_at is null", new { user.Id }));
    }

    private async Task<string> IssueAsync(TestUser inviter, TestUser user)
    {
        await using var session = await _database.WriteTenantAsync(ContextOf(inviter), Cancel);
        var (token, _) = await PasswordTokens.IssueInvitationAsync(session, user.OrganizationId, user.Id, app.Time.GetUtcNow(), Cancel);
        await session.CommitAsync();
        return token;
    }

    private static TenantContext ContextOf(TestUser user) =>
        new(user.OrganizationId!.Value, user.Id, user.Role, user.AgencyId, user.ClientId);
}
