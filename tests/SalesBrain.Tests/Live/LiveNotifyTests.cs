using System.Text.Json;
using Npgsql;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Live;

/// <summary>NOTIFY for programs that listen with SQL. The setting belongs to the database, so the database is this class's own.</summary>
public sealed class LiveNotifyTests(LiveNotifyTests.OwnApp app) : IClassFixture<LiveNotifyTests.OwnApp>
{
    private static readonly string[] Channels = ["new_notification", "campaign_metrics_update", "job_status_change"];

    [Fact]
    public async Task Triggers_notify_with_ids_when_the_database_says_so_and_not_otherwise()
    {
        var user = await app.CreateUserAsync("owner");
        var organization = user.OrganizationId!.Value;
        var campaign = await app.CreateCampaignAsync(organization);
        await using var listening = new NpgsqlConnection(app.Database.Owner);
        await listening.OpenAsync(TestContext.Current.CancellationToken);
        var heard = new List<(string Channel, string Payload)>();
        listening.Notification += (_, notification) => heard.Add((notification.Channel, notification.Payload));
        await ExecuteAsync(listening, string.Concat(Channels.Select(channel => $"listen {channel};")));

        await app.CreateNotificationAsync(user);
        await app.CreateLeadAsync(organization, campaignId: campaign);
        await ExecuteAsync(listening, "select 1");
        Assert.Empty(heard);

        // Only superusers can set a database's parameters that no extension declares.
        var name = new NpgsqlConnectionStringBuilder(app.Database.Owner).Database;
        await using (var superuser = new NpgsqlConnection(TestCluster.Current.SuperuserConnectionString))
        {
            await superuser.OpenAsync(TestContext.Current.CancellationToken);
            await ExecuteAsync(superuser, $"alter database \"{name}\" set app.notify = on");
        }
        app.Reconnect();
        var notification = await app.CreateNotificationAsync(user, "Secret title");
        await app.CreateLeadAsync(organization, campaignId: campaign);
        await app.CreateLeadAsync(organization);
        var job = Guid.CreateVersion7();
        await app.ExecuteAsync("""
            with source as (insert into app.data_source (organization_id, name, type) values (@organization, 'Source', 'csv') returning id, organization_id)
            insert into app.import_job (id, organization_id, data_source_id, name) select @job, organization_id, id, 'Job' from source
            """, new { organization, job });
        await ExecuteAsync(listening, "select 1");

        Assert.Equal(Channels, heard.Select(notice => notice.Channel));
        JsonElement.Parse(heard[0].Payload)
            .AssertIncludes(new { OrganizationId = organization, UserId = user.Id, NotificationId = notification });
        JsonElement.Parse(heard[1].Payload).AssertIncludes(new { OrganizationId = organization, CampaignId = campaign });
        JsonElement.Parse(heard[2].Payload).AssertIncludes(new { OrganizationId = organization, JobId = job });
        Assert.All(heard, notice => Assert.All(
            JsonElement.Parse(notice.Payload).EnumerateObject(), member => Assert.True(member.Name.EndsWith("_id", StringComparison.Ordinal) && Guid.TryParse(member.Value.GetString(), out _))));
    }

    [Theory]
    [InlineData("on", true)]
    [InlineData("ON", true)]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("1", true)]
    [InlineData("off", false)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("", false)]
    [InlineData("perhaps", false)]
    public async Task Setting_is_spelled_as_PostgreSQL_spells_booleans(string value, bool notifies)
    {
        await using var session = new NpgsqlConnection(app.Database.Owner);
        await session.OpenAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(session, $"set app.notify = '{value}'");

        await using var command = new NpgsqlCommand("select app.notifies()", session);

        Assert.Equal(notifies, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public sealed class OwnApp : TestApp;
}
