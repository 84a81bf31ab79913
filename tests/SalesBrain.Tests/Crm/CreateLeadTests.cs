using System.Net;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Crm;

public sealed class CreateLeadTests(TestApp app)
{
    private const string Path = "/api/v1/leads";

    [Theory]
    [InlineData(Path)]
    [InlineData(Path + "/create")]
    public async Task Lead_is_created_with_its_contact_and_all_that_was_sent(string path)
    {
        var place = await CrmPlace.CreateAsync(app);
        var owner = await place.CreateUserAsync(app, "owner");
        var campaign = await app.CreateCampaignAsync(place.OrganizationId, "Spring", agencyId: place.AgencyId, clientId: place.ClientId);
        using var client = app.As(owner);

        using var response = await client.PostTextAsync(path, $$"""
            {
                "email": " Ann Miller <Ann@Prospect.example> ", "first_name": "Ann", "last_name": "Miller", "company": "Prospect", "title": "CFO",
                "phone": "+49 30 1", "linkedin_url": "https://linkedin.com/in/ann", "city": "Berlin", "region": "Berlin", "country": "DE",
                "campaign_id": "{{campaign}}", "status": "contacted", "priority": "high", "practice_area": "Law", "source": "fair",
                "source_data": {"booth": 7}, "company_data": {"size": 50}, "custom_fields": {"camelName": true}, "tags": [" hot ", "vip", "hot"],
                "interest": "interested", "assigned_to": "{{owner.Id}}", "deal_amount": 12500.5, "deal_currency": "EUR",
                "expected_close_date": "2026-12-31"
            }
            """);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var lead = await response.DataAsync();
        var id = lead.GetProperty("id").GetGuid();
        Assert.Equal($"{Path}/{id}", response.Headers.Location?.ToString());
        lead.AssertIncludes(new
        {
            Email = "Ann@prospect.example",
            CampaignId = campaign,
            place.AgencyId,
            place.ClientId,
            Status = "contacted",
            Priority = "high",
            PracticeArea = "Law",
            Source = "fair",
            SourceData = new { Booth = 7 },
            CompanyData = new { Size = 50 },
            Tags = new[] { "hot", "vip" },
            Interest = "interested",
            AssignedTo = owner.Id,
            CreatedBy = owner.Id,
            DealAmount = 12500.5,
            DealCurrency = "EUR",
            DealEnteredBy = "person",
            ExpectedCloseDate = "2026-12-31",
            ClosedAt = (string?)null,
            Score = 15 + 12 + 15,
            Contact = new
            {
                FirstName = "Ann",
                Title = "CFO",
                LinkedinUrl = "https://linkedin.com/in/ann",
                City = "Berlin",
                Country = "DE",
                LeadScore = 42,
            },
            Campaign = new { Name = "Spring" },
        });
        Assert.True(lead.GetProperty("custom_fields").GetProperty("camelName").GetBoolean());
        Assert.Equal(response.Headers.ETag, (await client.GetAsync($"{Path}/{id}")).Headers.ETag);
        var entry = Assert.Single(await app.AuditOfAsync(id));
        Assert.Equal(("lead.created", owner.Id), (entry.Action, entry.ActorId));
        entry.Json.AssertIncludes("""{"after": {"status": "contacted", "deal_amount": 12500.5, "tags": ["hot", "vip"]}}""");
        // The audit log cannot be erased, so it does not have what is known about the contact.
        var contact = Assert.Single(await app.AuditOfAsync(lead.GetProperty("contact_id").GetGuid()));
        Assert.Equal(("contact.created", $$"""{"lead_id": "{{id}}"}"""), (contact.Action, contact.Changes));
    }

    [Fact]
    public async Task Contact_that_is_known_keeps_what_is_known_and_gets_the_rest()
    {
        var owner = await app.CreateUserAsync("owner");
        var contact = await app.CreateContactAsync(owner.OrganizationId!.Value, "known@prospect.example");
        await app.ExecuteAsync("update app.contact set first_name = 'Anna', city = 'Bonn' where id = @contact", new { contact });

        using var response = await app.As(owner).PostTextAsync(
            Path, """{"email": "KNOWN@prospect.example", "firstName": "Ann", "lastName": "Miller", "city": "Berlin"}""");

        var lead = await response.DataAsync();
        lead.AssertIncludes(new { ContactId = contact, Source = "manual", Status = "new", Priority = "medium", Score = 32 });
        lead.GetProperty("contact").AssertIncludes(new { FirstName = "Anna", LastName = "Miller", City = "Bonn" });
        Assert.Equal("contact.updated", Assert.Single(await app.AuditOfAsync(contact)).Action);
    }

    [Fact]
    public async Task Second_lead_of_a_contact_in_a_campaign_is_refused_with_the_id_of_the_first()
    {
        var owner = await app.CreateUserAsync("owner");
        var campaign = await app.CreateCampaignAsync(owner.OrganizationId!.Value);
        var first = await app.CreateLeadAsync(owner.OrganizationId.Value, email: "twice@prospect.example", campaignId: campaign);
        using var client = app.As(owner);
        var body = $$"""{"email": "twice@prospect.example", "campaign_id": "{{campaign}}"}""";

        using var refused = await client.PostTextAsync(Path, body);
        Assert.Equal(first, (await refused.ProblemAsync(HttpStatusCode.Conflict, "lead_exists")).GetProperty("existing_id").GetGuid());
        // In no campaign it is another lead, and after the first one was deleted so is one in the campaign.
        using var elsewhere = await client.PostTextAsync(Path, """{"email": "twice@prospect.example"}""");
        await elsewhere.DataAsync();
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @first", new { first });
        using var again = await client.PostTextAsync(Path, body);
        await again.DataAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_many_at_once_one_is_created(bool isInCampaign)
    {
        var owner = await app.CreateUserAsync("owner");
        var campaign = isInCampaign ? $", \"campaign_id\": \"{await app.CreateCampaignAsync(owner.OrganizationId!.Value)}\"" : "";
        using var client = app.As(owner);

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            client.PostTextAsync(Path, $$"""{"email": "once@prospect.example", "last_name": "Once"{{campaign}}}""")));

        Assert.Equal(1, responses.Count(response => response.StatusCode == HttpStatusCode.Created));
        var id = await app.QuerySingleAsync<Guid>("select id from app.lead where organization_id = @OrganizationId", owner);
        foreach (var response in responses.Where(response => response.StatusCode != HttpStatusCode.Created))
        {
            Assert.Equal(id, (await response.ProblemAsync(HttpStatusCode.Conflict, "lead_exists")).GetProperty("existing_id").GetGuid());
        }
        Assert.Equal(1, await app.QuerySingleAsync<int>("select count(*) from app.contact where organization_id = @OrganizationId", owner));
    }

    [Theory]
    [InlineData("agency_admin", true, false)]
    [InlineData("agency_staff", true, false)]
    [InlineData("client_admin", true, true)]
    [InlineData("client_staff", true, true)]
    [InlineData("admin", false, false)]
    public async Task Lead_belongs_to_the_callers_own_agency_and_client(string role, bool hasAgency, bool hasClient)
    {
        var place = await CrmPlace.CreateAsync(app);
        using var client = app.As(await place.CreateUserAsync(app, role));

        using var response = await client.PostTextAsync(Path, """{"email": "own@prospect.example"}""");

        (await response.DataAsync()).AssertIncludes(new
        {
            AgencyId = hasAgency ? place.AgencyId : (Guid?)null,
            ClientId = hasClient ? place.ClientId : (Guid?)null,
            Contact = new { Email = "own@prospect.example" },
        });
    }

    [Fact]
    public async Task Agency_can_name_a_contact_by_its_address_that_it_does_not_see_yet()
    {
        var place = await CrmPlace.CreateAsync(app);
        var contact = await app.CreateContactAsync(place.OrganizationId, "elsewhere@prospect.example");
        using var client = app.As(await place.CreateUserAsync(app, "agency_staff"));

        using var byId = await client.PostTextAsync(Path, $$"""{"contact_id": "{{contact}}"}""");
        Assert.Equal("contact_id", (await byId.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        using var byAddress = await client.PostTextAsync(Path, """{"email": "elsewhere@prospect.example"}""");
        (await byAddress.DataAsync()).AssertIncludes(new { ContactId = contact });
    }

    [Fact]
    public async Task Client_comes_with_its_agency_and_must_fit_the_campaign()
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        var ofAgency = await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId);
        var ofClient = await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);
        var elsewhere = await app.CreateClientAsync(place.OrganizationId);
        using var client = app.As(await place.CreateUserAsync(app, "owner"));

        foreach (var (campaign, clientId, agency, expected) in new (Guid?, Guid?, Guid?, Guid?)[]
        {
            (null, place.ClientId, place.AgencyId, place.ClientId), (ofAgency, null, place.AgencyId, null),
            (ofAgency, place.OtherClientId, place.AgencyId, place.OtherClientId), (ofClient, null, place.AgencyId, place.ClientId),
            (ofClient, place.ClientId, place.AgencyId, place.ClientId),
        })
        {
            using var response = await client.PostAsync(
                Path, new { email = $"{Guid.NewGuid()}@prospect.example", campaign_id = campaign, client_id = clientId });
            (await response.DataAsync()).AssertIncludes(new { CampaignId = campaign, AgencyId = agency, ClientId = expected });
        }
        foreach (var (campaign, clientId, member) in new (Guid?, Guid?, string)[]
        {
            (ofClient, place.OtherClientId, "client_id"), (ofAgency, elsewhere, "client_id"), (null, other.ClientId, "client_id"),
            (await app.CreateCampaignAsync(other.OrganizationId), null, "campaign_id"),
            (Guid.NewGuid(), Guid.NewGuid(), "campaign_id,client_id"),
        })
        {
            using var response = await client.PostAsync(
                Path, new { email = "x@prospect.example", campaign_id = campaign, client_id = clientId });
            Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        }
    }

    [Fact]
    public async Task Platform_administrator_creates_leads_in_every_organization()
    {
        var place = await CrmPlace.CreateAsync(app);
        using var client = app.As(await app.CreateUserAsync("sb_admin"));
        var contact = await app.CreateContactAsync(place.OrganizationId, "platform@prospect.example");

        using var nowhere = await client.PostTextAsync(Path, """{"email": "x@prospect.example"}""");
        Assert.Equal("organization_id", (await nowhere.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        foreach (var body in new object[]
        {
            new { email = "a@prospect.example", organization_id = place.OrganizationId },
            new { email = "b@prospect.example", client_id = place.ClientId }, new { contact_id = contact },
        })
        {
            using var response = await client.PostAsync(Path, body);
            (await response.DataAsync()).AssertIncludes(new { place.OrganizationId });
        }
        using var unknown = await client.PostAsync(Path, new { email = "c@prospect.example", organization_id = Guid.NewGuid() });
        Assert.Equal("organization_id", (await unknown.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Assignee_must_be_able_to_work_the_lead_and_is_notified()
    {
        var place = await CrmPlace.CreateAsync(app);
        var owner = await place.CreateUserAsync(app, "owner");
        using var client = app.As(owner);
        var member = await app.CreateUserAsync("member", place.OrganizationId);

        foreach (var (user, code) in new (TestUser, string)[]
        {
            (await app.CreateUserAsync("read_only", place.OrganizationId), "assignee_unsuitable"),
            (await app.CreateUserAsync("agency_staff", place.OrganizationId), "assignee_unsuitable"),
            (await app.CreateUserAsync("member", place.OrganizationId, status: "invited"), "assignee_unsuitable"),
            (await app.CreateUserAsync("member", place.OrganizationId, status: "disabled"), "assignee_disabled"),
        })
        {
            using var refused = await client.PostAsync(
                Path, new { email = "x@prospect.example", client_id = place.ClientId, assigned_to = user.Id });
            await refused.ProblemAsync(HttpStatusCode.Conflict, code);
        }
        using var foreign = await client.PostAsync(
            Path, new { email = "x@prospect.example", assigned_to = (await app.CreateUserAsync("owner")).Id });
        Assert.Equal("assigned_to", (await foreign.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*) from app.contact where organization_id = @OrganizationId", place));

        using var own = await client.PostAsync(Path, new { email = "own@prospect.example", assigned_to = owner.Id });
        using var others = await client.PostAsync(Path, new { email = "others@prospect.example", assigned_to = member.Id });
        var id = (await others.DataAsync()).GetProperty("id").GetGuid();
        var told = await app.QuerySingleJsonAsync(
            "select user_id, type, count, link_id, title || body as text from app.notification where organization_id = @OrganizationId",
            place);
        told.AssertIncludes(new { UserId = member.Id, Type = "lead.assigned", Count = 1, LinkId = id });
        Assert.DoesNotContain("others", told.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "email")]
    [InlineData("""{"email": "not an address"}""", "email")]
    [InlineData("""{"contact_id": "00000000-0000-0000-0000-000000000001"}""", "contact_id")]
    [InlineData("""{"contact_id": "00000000-0000-0000-0000-000000000001", "email": "a@b.example", "city": "X"}""", "city,email")]
    [InlineData("""{"email": "a@b.example", "first_name": "www.evil.example/x"}""", "first_name")]
    [InlineData("""{"email": "a@b.example", "status": "won"}""", "status")]
    [InlineData("""{"email": "a@b.example", "deal_amount": 5}""", "deal_currency")]
    [InlineData("""{"email": "a@b.example", "deal_currency": "EUR"}""", "deal_currency")]
    [InlineData("""{"email": "a@b.example", "deal_amount": 0.001, "deal_currency": "EUR"}""", "deal_amount")]
    [InlineData("""{"email": "a@b.example", "deal_amount": -1, "deal_currency": "EUR"}""", "deal_amount")]
    [InlineData("""{"email": "a@b.example", "deal_amount": 1e12, "deal_currency": "EUR"}""", "deal_amount")]
    [InlineData("""{"email": "a@b.example", "deal_amount": "5", "deal_currency": "EURO"}""", "deal_amount,deal_currency")]
    [InlineData("""{"email": "a@b.example", "deal_amount": 1e9999999, "deal_currency": "eur"}""", "deal_amount,deal_currency")]
    [InlineData("""{"email": "a@b.example", "expected_close_date": "2026-02-30"}""", "expected_close_date")]
    [InlineData("""{"email": "a@b.example", "expected_close_date": "2026-01-01T00:00:00Z"}""", "expected_close_date")]
    [InlineData("""{"email": "a@b.example", "tags": ["x", " "]}""", "tags")]
    [InlineData("""{"email": "a@b.example", "tags": "x"}""", "tags")]
    [InlineData("""{"email": "a@b.example", "interest": "interested", "interest_label": "Hot"}""", "interest_label")]
    [InlineData("""{"email": "a@b.example", "custom_fields": []}""", "custom_fields")]
    [InlineData("""{"email": "a@b.example", "score": 99, "created_by": "x"}""", "created_by,score")]
    public async Task Bad_input_is_refused_by_member_and_creates_nothing(string body, string members)
    {
        var owner = await app.CreateUserAsync("owner");

        using var response = await app.As(owner).PostTextAsync(Path, body);

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*) from app.contact where organization_id = @OrganizationId", owner));
    }

    [Fact]
    public async Task Lead_that_is_created_closed_says_when()
    {
        var owner = await app.CreateUserAsync("owner");

        using var response = await app.As(owner).PostTextAsync(Path, """{"email": "closed@prospect.example", "status": "converted"}""");

        var lead = await response.DataAsync();
        Assert.Equal(lead.GetProperty("created_at").GetRawText(), lead.GetProperty("closed_at").GetRawText());
    }
}
