using System.Net;
using SalesBrain.Core.Access;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

/// <summary>Who may create which users: roles below their own, in their own organization, agency or client.</summary>
public sealed class CreateUserScopeTests(TestApp app)
{
    public static TheoryData<Role> EveryRole => [.. Roles.All];

    /// <summary>
    /// Every role by every name, in unusual letter case, where the caller is: given is what the rules give, and nothing else leaves a
    /// trace.
    /// </summary>
    [Theory]
    [MemberData(nameof(EveryRole))]
    public async Task Nobody_gives_a_role_above_their_own_by_any_name(Role granter)
    {
        var place = await CrmPlace.CreateAsync(app);
        var caller = await place.CreateUserAsync(app, granter.Name());
        using var client = app.As(caller);
        var scope = new RoleScope(granter, caller.OrganizationId, caller.AgencyId, caller.ClientId);
        foreach (var granted in Roles.All)
        {
            var wanted = new RoleScope(
                granted,
                granted.IsPlatform() ? null : place.OrganizationId,
                granted.Level() == RoleLevel.Agency ? place.AgencyId : null,
                granted.Level() == RoleLevel.Client ? place.ClientId : null);
            foreach (var name in NamesOf(granted))
            {
                var email = $"{Guid.NewGuid():N}@test.example";
                using var response = await client.PostAsync(
                    CrmWorld.Users,
                    new
                    {
                        email,
                        role = name,
                        organization_id = wanted.OrganizationId,
                        agency_id = wanted.AgencyId,
                        client_id = wanted.ClientId,
                    });

                if (RoleRules.MayGrant(scope, wanted))
                {
                    Assert.Equal(granted.Name(), (await response.DataAsync()).GetProperty("role").GetString());
                    Assert.Equal(
                        granted.Name(),
                        await app.QuerySingleAsync<string>("select role from app.user where email = @email", new { email }));
                }
                else
                {
                    await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
                    Assert.Empty(await app.QueryAsync<string>("select role from app.user where email = @email", new { email }));
                }
            }
        }
    }

    [Theory]
    [InlineData("owner", "member")]
    [InlineData("admin", "admin")]
    [InlineData("agency_admin", "agency_staff")]
    [InlineData("client_admin", "client_user")]
    public async Task Nobody_makes_somebody_outside_their_own_scope(string role, string granted)
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        var elsewhere = await app.CreateAgencyAsync(place.OrganizationId);
        using var client = app.As(await place.CreateUserAsync(app, role));
        var before = await CountAsync();

        object[] attempts =
        [
            new
            {
                email = "x@test.example",
                role = granted,
                organization_id = other.OrganizationId,
                agency_id = IfAgency(other.AgencyId),
                client_id = IfClient(other.ClientId),
            },
            new
            {
                email = "x@test.example",
                role = granted,
                organization_id = other.OrganizationId,
                agency_id = IfAgency(place.AgencyId),
                client_id = IfClient(place.ClientId),
            },
            .. role is "agency_admin" or "client_admin"
                ? new object[]
                {
                    new
                    {
                        email = "x@test.example",
                        role = granted,
                        agency_id = IfAgency(elsewhere),
                        client_id = IfClient(place.OtherClientId),
                    },
                    new
                    {
                        email = "x@test.example",
                        role = granted,
                        agency_id = IfAgency(other.AgencyId),
                        client_id = IfClient(other.ClientId),
                    },
                    new
                    {
                        email = "x@test.example",
                        role = granted,
                        agency_id = IfAgency(Guid.NewGuid()),
                        client_id = IfClient(Guid.NewGuid()),
                    },
                }
                : [],
        ];
        foreach (var attempt in attempts)
        {
            using var response = await client.PostAsync(CrmWorld.Users, attempt);
            await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        }
        Assert.Equal(before, await CountAsync());

        Guid? IfAgency(Guid id) => granted.StartsWith("agency", StringComparison.Ordinal) ? id : null;
        Guid? IfClient(Guid id) => granted.StartsWith("client", StringComparison.Ordinal) ? id : null;
        Task<int> CountAsync() => app.QuerySingleAsync<int>(
            "select count(*)::int from app.user where organization_id in (@mine, @theirs)",
            new { mine = place.OrganizationId, theirs = other.OrganizationId });
    }

    [Fact]
    public async Task Agency_and_client_of_another_organization_are_not_known()
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        using var client = app.As(await place.CreateUserAsync(app, "owner"));

        foreach (var (role, member, ids) in new[]
        {
            ("agency_staff", "agency_id", new[] { other.AgencyId, Guid.NewGuid() }),
            ("client_user", "client_id", [other.ClientId, Guid.NewGuid()]),
        })
        {
            var told = new List<string>();
            foreach (var id in ids)
            {
                using var response = await client.PostTextAsync(
                    CrmWorld.Users, $$"""{"email": "x@test.example", "role": "{{role}}", "{{member}}": "{{id}}"}""");
                var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
                Assert.Equal(member, problem.Members());
                told.Add(problem.WithoutTrace());
            }
            Assert.Equal(told[0], told[1]);
        }
    }

    [Fact]
    public async Task Administrators_of_agency_and_client_need_not_say_where()
    {
        var place = await CrmPlace.CreateAsync(app);
        using var ofAgency = app.As(await place.CreateUserAsync(app, "agency_admin"));
        using var ofClient = app.As(await place.CreateUserAsync(app, "client_admin"));

        using var staff = await ofAgency.PostAsync(CrmWorld.Users, new { email = $"{Guid.NewGuid():N}@test.example", role = "sales_rep" });
        using var user = await ofClient.PostAsync(CrmWorld.Users, new { email = $"{Guid.NewGuid():N}@test.example", role = "CLIENT" });

        Assert.Equal(place.AgencyId, (await staff.DataAsync()).GetProperty("agency_id").GetGuid());
        Assert.Equal(place.ClientId, (await user.DataAsync()).GetProperty("client_id").GetGuid());
    }

    [Fact]
    public async Task Platform_administrator_makes_platform_operators_who_belong_nowhere()
    {
        var place = await CrmPlace.CreateAsync(app);
        using var client = app.As(await app.CreateUserAsync("sb_admin"));
        var email = $"{Guid.NewGuid():N}@test.example";

        using var made = await client.PostAsync(CrmWorld.Users, new { email, role = "ROLE_SYSTEM_OPERATOR" });
        using var inside = await client.PostAsync(
            CrmWorld.Users, new { email = "x@test.example", role = "sb_operator", organization_id = place.OrganizationId });
        using var nowhere = await client.PostAsync(CrmWorld.Users, new { email = "x@test.example", role = "member" });
        using var unknown = await client.PostAsync(
            CrmWorld.Users, new { email = "x@test.example", role = "member", organization_id = Guid.NewGuid() });

        (await made.DataAsync()).AssertIncludes(new { role = "sb_operator", organization_id = (Guid?)null });
        Assert.Single(app.Mails.To(email));
        Assert.Equal("organization_id", (await inside.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal("organization_id", (await nowhere.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal("organization_id", (await unknown.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    private static IEnumerable<string> NamesOf(Role role) =>
        new[] { role.Name(), role.Authority(), $" {role.Name().ToUpperInvariant()} " }.Concat(role switch
        {
            Role.SbAdmin => ["super_admin", "System_Admin"],
            Role.AgencyAdmin => ["sales_manager"],
            Role.AgencyStaff => ["researcher", "SALES_REP"],
            Role.ClientUser => ["client"],
            Role.ReadOnly => ["viewer"],
            _ => [],
        });
}
