using SalesBrain.Core.Access;
using SalesBrain.Core.Agents;
using SalesBrain.Core.Security;
using SalesBrain.Core.Values;
using SalesBrain.Data.Agents;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Tenants;

namespace SalesBrain.Functions.Agents;

/// <summary>
/// The users of people who sign in with Genesys. The organization is that of the tenant with the person's Genesys organization, the role of
/// a new user is always agent, and the person is known by their Genesys id alone, never by an e-mail address.
/// </summary>
public sealed class AgentAccounts(SalesBrainDatabase database)
{
    /// <summary>How long the portal has to exchange a code.</summary>
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(1);

    /// <summary>Finds or makes the user and returns a code that signs them in, or the reason why they may not.</summary>
    /// <param name="call">The request.</param>
    /// <param name="state">The state of the sign-in, which gets the code.</param>
    /// <param name="region">Where they signed in.</param>
    /// <param name="who">Who signed in.</param>
    internal async Task<(string? Code, Problem? Problem)> SignInAsync(Call call, string state, string region, GenesysIdentity who)
    {
        await using var session = await database.WritePlatformAsync(call.CancellationToken);
        var tenant = who.OrganizationId is { } genesysOrg
            ? await TenantTable.HoldByGenesysOrgAsync(session, genesysOrg, call.CancellationToken)
            : null;
        if (GenesysSignInRules.Refusal(who) is { } refusal)
        {
            return await RefuseAsync(call, session, who, tenant, Problems.AgentRefused.Because(refusal));
        }
        if (tenant is not { Status: "active" } || (tenant.GenesysRegion is { } mapped && mapped != region))
        {
            return (null, Problems.TenantNotFound);
        }
        if (tenant.OrganizationStatus != "active")
        {
            return (null, Problems.OrganizationSuspended);
        }
        var user = await GenesysUsers.LockAsync(session, who.Id, call.CancellationToken);
        if (user is not null && user.OrganizationId != tenant.OrganizationId)
        {
            return await RefuseAsync(call, session, who, tenant, Problems.UserOfAnotherOrganization);
        }
        if (user is null)
        {
            user = await CreateAsync(call, session, tenant, who);
        }
        else
        {
            await GenesysUsers.UpdateAsync(session, user, who, call.Now.UtcDateTime, call.CancellationToken);
        }
        if (user.Status != "active")
        {
            return await RefuseAsync(call, session, who, tenant, Problems.AgentRefused.Because("The user is disabled."));
        }
        var code = OpaqueTokens.Create();
        await GenesysSignIns.AddCodeAsync(session, state, code, user.UserId, (call.Now + CodeLifetime).UtcDateTime, call.CancellationToken);
        await session.CommitAsync();
        return (code, null);
    }

    private static async Task<GenesysUserRow> CreateAsync(Call call, PlatformSession session, Tenant tenant, GenesysIdentity who)
    {
        var (id, userId) = (Guid.CreateVersion7(call.Now), Guid.CreateVersion7(call.Now));
        var email = AgentAddresses.Of(id);
        var name = NameText.Clean(who.Name, 100);
        var user = new NewUser
        {
            Id = userId,
            OrganizationId = tenant.OrganizationId,
            Email = email,
            EmailNorm = Emails.Normalize(email),
            FirstName = name,
            Role = Role.Agent.Name(),
        };
        await SignInAccounts.CreateAsync(session, user, call.CancellationToken);
        await GenesysUsers.AddAsync(session, id, tenant.OrganizationId, userId, who, call.Now.UtcDateTime, call.CancellationToken);
        await AuditLog.WriteAsync(session, new AuditEntry(
            "user.created", "user", userId, tenant.OrganizationId, userId, user.Role, call.Now, call.RemoteAddress,
            new { after = new { role = user.Role, status = user.Status, first_name = name, genesys_user_id = who.Id } }), call.CancellationToken);
        return new GenesysUserRow { Id = id, OrganizationId = tenant.OrganizationId, UserId = userId, Status = user.Status };
    }

    /// <summary>Writes a refusal down: in the organization whose agents the person wanted to join, if there is one.</summary>
    private static async Task<(string? Code, Problem? Problem)> RefuseAsync(
        Call call, PlatformSession session, GenesysIdentity who, Tenant? tenant, Problem problem)
    {
        await AuditLog.WriteAsync(session, new AuditEntry(
            "agent.sign_in_refused", "tenant", tenant?.Id, tenant?.OrganizationId, null, null, call.Now, call.RemoteAddress,
            new
            {
                code = problem.Code,
                reason = problem.Detail,
                genesys_user_id = who.Id,
                genesys_org_id = who.OrganizationId,
                home_org_id = who.HomeOrganizationId,
            }),
            call.CancellationToken);
        await session.CommitAsync();
        return (null, problem);
    }
}
