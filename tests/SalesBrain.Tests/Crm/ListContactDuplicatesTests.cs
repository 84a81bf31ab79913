using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

public sealed class ListContactDuplicatesTests(TestApp app)
{
    private const string Path = ContactWorld.Path + "/duplicates";

    [Fact]
    public async Task Groups_share_an_address_a_profile_or_name_and_phone_and_each_is_listed_once_with_its_reasons()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var clean = await app.CreatePersonAsync(organization, "jane@acme.example");
        var decorated = await LegacyAsync(organization, "jane@acme.example.", "jane@acme.example");
        var profiles = new[]
        {
            await app.CreatePersonAsync(
                organization, linkedinUrl: "https://www.linkedin.com/in/JaneDoe/", lastName: "Doe", phone: "+43 (0)1 555-0100"),
            await app.CreatePersonAsync(
                organization, linkedinUrl: "http://at.linkedin.com/in/janedoe?x=1", lastName: "DOE", phone: "0043 (0)1 5550100"),
        };
        var phones = new[]
        {
            await app.CreatePersonAsync(
                organization, firstName: "Zoë", lastName: "Lee", phone: "+1 555 0100 200", linkedinUrl: "https://linkedin.com/in/zoe-1"),
            await app.CreatePersonAsync(organization, firstName: "zoe", lastName: "LEE", phone: "(555) 0100200"),
            await app.CreatePersonAsync(
                organization, firstName: "Zoe", lastName: "Lee", phone: "555-0100-200", linkedinUrl: "https://linkedin.com/in/zoe-2"),
        };
        // None of these is a duplicate.
        await app.CreatePersonAsync(organization, firstName: "Zoe", lastName: "Other", phone: "+1 555 0100 200");
        await app.CreatePersonAsync(organization, linkedinUrl: "https://linkedin.com/company/acme");
        await app.CreatePersonAsync(organization, linkedinUrl: "https://linkedin.com/company/acme");
        await app.CreatePersonAsync(organization, lastName: "Short", phone: "110");
        await app.CreatePersonAsync(organization, lastName: "Short", phone: "110");
        await app.CreatePersonAsync(organization, phone: "+1 555 0100 999");
        await app.CreatePersonAsync(organization, phone: "+1 555 0100 999");
        await app.CreatePersonAsync(await app.CreateOrganizationAsync(), linkedinUrl: "https://linkedin.com/in/janedoe");
        await app.CreateLeadAsync(organization, clean);
        using var http = app.As(owner);

        var page = await http.PageAsync(Path);

        var groups = page.GetProperty("data");
        Assert.Equal(3, groups.GetArrayLength());
        Assert.Equal(3, page.GetProperty("pagination").GetProperty("total").GetInt32());
        AssertGroup(groups[0], ["email"], clean, decorated);
        AssertGroup(groups[1], ["linkedin_url", "name_and_phone"], profiles);
        AssertGroup(groups[2], ["name_and_phone"], phones);
        groups[0].GetProperty("contacts").EnumerateArray()
            .Single(contact => contact.GetProperty("id").GetGuid() == clean).AssertIncludes(new { Leads = 1, Email = "jane@acme.example" });
    }

    [Fact]
    public async Task Merging_the_duplicate_of_an_undecorated_address_leaves_the_clean_address()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var clean = await app.CreatePersonAsync(organization, "jane@acme.example");
        var decorated = await LegacyAsync(organization, "jane@acme.example.", "jane@acme.example");
        using var http = app.As(owner);

        using var merged = await http.PostAsync($"{ContactWorld.Path}/{clean}/merge", new { into = decorated });

        Assert.Equal("jane@acme.example", (await merged.DataAsync()).GetProperty("email").GetString());
        Assert.Equal(["jane@acme.example."], await app.QueryAsync<string>(
            "select email_norm from app.contact_former_email where contact_id = @decorated", new { decorated }));
        Assert.Empty((await http.PageAsync(Path)).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Pages_meet_each_group_once()
    {
        var owner = await app.CreateUserAsync("owner");
        await app.ExecuteAsync("""
            insert into app.contact (organization_id, linkedin_url, last_name, phone)
            select @OrganizationId, case when n < 20 then 'https://linkedin.com/in/person-' || n / 2 end, 'Name ' || n / 2, 5550000 + n / 2
            from generate_series(0, 39) n
            """, owner);
        using var http = app.As(owner);

        var (groups, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await http.PageAsync($"{Path}?page_size=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            groups.AddRange(page.GetProperty("data").EnumerateArray().Select(group => group.GetRawText()));
            cursor = page.NextCursor();
        }
        while (cursor is not null);
        var second = (await http.PageAsync($"{Path}?page_size=3&page=2")).GetProperty("data").EnumerateArray()
            .Select(group => group.GetRawText());

        Assert.Equal(20, groups.Count);
        Assert.Equal(20, groups.Distinct().Count());
        Assert.Equal(10, groups.Count(group => group.Contains("linkedin_url\",\"name_and_phone", StringComparison.Ordinal)));
        Assert.Equal(groups.Skip(3).Take(3), second);
    }

    [Fact]
    public async Task Large_group_shows_its_oldest_members_and_their_number()
    {
        var owner = await app.CreateUserAsync("owner");
        await app.ExecuteAsync("""
            insert into app.contact (organization_id, last_name, phone) select @OrganizationId, 'Front desk', '+1 555 0100 200' from generate_series(1, 30)
            """, owner);

        var group = (await app.As(owner).PageAsync(Path)).GetProperty("data").EnumerateArray().Single();

        Assert.Equal((30, 20), (group.GetProperty("members").GetInt32(), group.GetProperty("contacts").GetArrayLength()));
    }

    [Fact]
    public async Task Organization_without_duplicates_has_an_empty_list_and_platform_operators_name_one()
    {
        var owner = await app.CreateUserAsync("owner");
        using var platform = app.As(await app.CreateUserAsync("sb_admin"));

        Assert.Empty((await app.As(owner).PageAsync(Path)).GetProperty("data").EnumerateArray());
        Assert.Empty((await platform.PageAsync($"{Path}?organizationId={owner.OrganizationId}")).GetProperty("data").EnumerateArray());
        using var nowhere = await platform.GetAsync(Path);
        Assert.Equal("organization_id", (await nowhere.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    /// <summary>A contact from before addresses were cleaned, because another one had the clean address.</summary>
    private async Task<Guid> LegacyAsync(Guid organization, string email, string clean)
    {
        var id = await app.CreatePersonAsync(organization);
        await app.ExecuteAsync(
            "update app.contact set email = @email, email_norm = @email, clean_email_norm = @clean where id = @id",
            new { email, clean, id });
        return id;
    }

    private static void AssertGroup(JsonElement group, string[] reasons, params Guid[] contacts)
    {
        Assert.Equal(reasons, group.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()!));
        Assert.Equal(
            contacts.Order(),
            group.GetProperty("contacts").EnumerateArray().Select(contact => contact.GetProperty("id").GetGuid()).Order());
        Assert.Equal(contacts.Length, group.GetProperty("members").GetInt32());
    }
}
