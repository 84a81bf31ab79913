using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Onboarding.Links;
using SalesBrain.Functions.Timers;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Links;

public sealed class ExpireOnboardingLinksTests(OnboardingApp app) : IClassFixture<OnboardingApp>
{
    [Fact]
    public async Task Expired_link_is_marked_and_its_creator_notified()
    {
        var creator = await app.CreateUserAsync("admin");
        var old = await app.CreateOnboardingLinkAsync(creator, days: 1, template: "Agencies");
        var young = await app.CreateOnboardingLinkAsync(creator, days: 2);
        var used = await app.CreateOnboardingLinkAsync(creator, days: 1);
        var revoked = await app.CreateOnboardingLinkAsync(creator, days: 1);
        await app.CompleteAsync(used);
        await app.RevokeAsync(revoked);
        var created = app.Now;
        app.Time.Advance(TimeSpan.FromDays(1));

        await RunAsync();

        var states = new[] { old, young, used, revoked }.Select(async link => (await app.StateOfAsync(link)).Status);
        Assert.Equal(["expired", "active", "used", "revoked"], await Task.WhenAll(states));
        var notification = Assert.Single(await NotificationsAsync(creator.OrganizationId!.Value));
        Assert.Equal(
            new Notification
            {
                UserId = creator.Id,
                Type = "onboarding_link.expired",
                Title = "Onboarding link expired",
                Body = $"The onboarding link \"Agencies\" of {created:yyyy-MM-dd} expired before the onboarding was completed.",
                LinkEntity = "onboarding_link",
                LinkId = old.Id,
                CreatedAt = app.Now,
            },
            notification);
        Assert.Contains(app.Logs.Lines, line => line.Contains("Expired 1 onboarding links", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_expiry_is_notified_once_even_after_an_extension()
    {
        var link = await app.CreateOnboardingLinkAsync(days: 1);
        app.Time.Advance(TimeSpan.FromDays(1));
        await RunAsync();
        await RunAsync();
        Assert.Single(await NotificationsAsync(link.OrganizationId));

        await app.ExtendAsync(link, 1);
        await RunAsync();
        Assert.Equal("active", (await app.StateOfAsync(link)).Status);
        Assert.Single(await NotificationsAsync(link.OrganizationId));

        app.Time.Advance(TimeSpan.FromDays(1));
        await RunAsync();
        Assert.Equal("expired", (await app.StateOfAsync(link)).Status);
        Assert.Equal(2, (await NotificationsAsync(link.OrganizationId)).Count);
    }

    [Theory]
    [InlineData("sb_admin")]
    [InlineData("admin")]
    public async Task Platform_operators_and_disabled_users_are_not_notified(string role)
    {
        var organization = await app.CreateOrganizationAsync();
        var creator = await app.CreateUserAsync(role, role == "admin" ? organization : null);
        var link = await app.CreateOnboardingLinkAsync(creator, days: 1, organizationId: organization);
        await app.ExecuteAsync("update app.user set status = 'disabled' where id = @Id and role = 'admin'", new { creator.Id });
        app.Time.Advance(TimeSpan.FromDays(1));

        await RunAsync();

        Assert.Equal("expired", (await app.StateOfAsync(link)).Status);
        Assert.Empty(await NotificationsAsync(organization));
    }

    [Fact]
    public Task Eight_instances_at_once_share_twenty_thousand_links() => ExpireAsync(20_000);

    [Fact]
    public Task Eight_instances_at_once_share_a_hundred_thousand_links()
    {
        LargeRun.Only();
        return ExpireAsync(100_000);
    }

    [Fact]
    public async Task Manual_call_expires_all_and_returns_the_number()
    {
        await app.ExecuteAsync("select app.expire_old_onboarding_links('infinity'::timestamptz)");
        var organization = await app.CreateOrganizationAsync();
        await app.ExecuteAsync("""
            insert into app.onboarding_link (organization_id, token_hash, token_sealed, expires_at)
            select @organization, uuid_send(gen_random_uuid()), '\x', now() - interval '1 minute' from generate_series(1, 3)
            """, new { organization });

        Assert.Equal(3, await app.QuerySingleAsync<int>("select app.expire_old_onboarding_links()::int"));
        Assert.Equal(0, await app.QuerySingleAsync<int>("select app.expire_old_onboarding_links()::int"));
    }

    private async Task ExpireAsync(int count)
    {
        var creator = await app.CreateUserAsync("owner");
        await app.ExecuteAsync("""
            insert into app.onboarding_link (organization_id, token_hash, token_sealed, expires_at, created_by)
            select @OrganizationId, uuid_send(gen_random_uuid()), '\x', @now - n % 1000 * interval '1 second', @Id
            from generate_series(1, @count) n
            """, new { creator.OrganizationId, creator.Id, now = app.Now, count });
        var logs = new LogCapture();
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(logs));
        // These stand for several processes, so they bypass the runner, which runs a timer once at a time within a process.
        var instances = Enumerable.Range(0, 8).Select(_ => new ExpireOnboardingLinks(
            app.Services.GetRequiredService<TimerRuns>(), app.Services.GetRequiredService<SalesBrainDatabase>(), app.Time,
            loggers.CreateLogger<ExpireOnboardingLinks>()));

        await Task.WhenAll(instances.Select(instance => Task.Run(() => instance.Run(new(), CancellationToken.None))));

        var counts = logs.Lines.Select(line => int.Parse(line.Split("Expired ")[1].Split(' ')[0])).ToList();
        Assert.Equal(8, counts.Count);
        Assert.Equal(count, counts.Sum());
        Assert.True(counts.Count(expired => expired > 0) > 1, "They did not run at the same time.");
        var stored = await app.QuerySingleJsonAsync("""
            select (select count(*) from app.onboarding_link where organization_id = @OrganizationId and status = 'expired') as expired,
                count(*) as notifications, count(distinct link_id) as notified_links
            from app.notification where organization_id = @OrganizationId and user_id = @Id
            """, new { creator.OrganizationId, creator.Id });
        stored.AssertIncludes(new { Expired = count, Notifications = count, NotifiedLinks = count });
    }

    private Task RunAsync() =>
        app.Services.GetRequiredService<TimerRunner>().RunAsync(nameof(ExpireOnboardingLinks), CancellationToken.None);

    private Task<IReadOnlyList<Notification>> NotificationsAsync(Guid organizationId) => app.QueryAsync<Notification>("""
        select user_id, type, title, body, link_entity, link_id, created_at from app.notification where organization_id = @organizationId order by created_at, id
        """, new { organizationId });

    private sealed record Notification
    {
        public Guid UserId { get; init; }
        public string Type { get; init; } = "";
        public string Title { get; init; } = "";
        public string Body { get; init; } = "";
        public string LinkEntity { get; init; } = "";
        public Guid LinkId { get; init; }
        public DateTime CreatedAt { get; init; }
    }
}
