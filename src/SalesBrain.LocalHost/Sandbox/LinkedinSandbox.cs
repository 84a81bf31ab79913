using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SalesBrain.LocalHost.Sandbox;

/// <summary>A stand-in of LinkedIn Lead Sync.</summary>
internal static partial class LinkedinSandbox
{
    /// <summary>Leads, one per person. Every twentieth is a test lead.</summary>
    internal const int Leads = 600;

    internal const int TestLeads = Leads / 20;

    internal static void Map(IEndpointRouteBuilder endpoints, SandboxServer server) =>
        server.Add(
            endpoints, "GET", "/linkedin/rest/leadFormResponses", SandboxServer.Bearer,
            (context, token) => RespondAsync(context, token, server));

    private static Task RespondAsync(HttpContext context, string token, SandboxServer server)
    {
        var query = context.Request.QueryString.Value ?? "";
        var range = Range().Match(query);
        if (context.Request.Headers["X-Restli-Protocol-Version"] != "2.0.0" || !Owner().IsMatch(query) || !range.Success)
        {
            return ErrorAsync(context, 400, "ILLEGAL_ARGUMENT");
        }
        if (SandboxMode.Of(token) == "sunset" || !Version().IsMatch(context.Request.Headers["LinkedIn-Version"].ToString()))
        {
            return ErrorAsync(context, 426, "NONEXISTENT_VERSION");
        }
        if (SandboxMode.Of(token) == SandboxMode.SignedOut)
        {
            return ErrorAsync(context, 401, "EXPIRED_ACCESS_TOKEN");
        }
        var (from, to) = (long.Parse(range.Groups["start"].Value), long.Parse(range.Groups["end"].Value));
        var (start, count) = (ApolloSandbox.Number(context.Request.Query["start"], 0), Math.Min(100, ApolloSandbox.Number(context.Request.Query["count"], 10)));
        var now = server.Clock.GetUtcNow();
        var all = SandboxPeople.All.Take(Leads).Select(person => (Person: person, At: now.Date.AddHours(-12 * person.Index)))
            .Select(lead => (lead.Person, At: new DateTimeOffset(lead.At, TimeSpan.Zero).ToUnixTimeMilliseconds()))
            .Where(lead => lead.At >= from && lead.At <= to)
            .ToList();
        var isEndless = SandboxMode.Of(token) == SandboxMode.Endless;
        return SandboxServer.JsonAsync(context, new
        {
            paging = new { start, count, total = isEndless ? 1_000_000 : all.Count, links = Array.Empty<object>() },
            elements = all.Skip(isEndless ? 0 : start).Take(count).Select(lead => Lead(lead.Person, lead.At)),
        });
    }

    /// <summary>The form is in Spanish, so nothing can be known by its labels.</summary>
    private static object Lead(SandboxPerson person, long at)
    {
        (string Field, string Label, string Answer)[] questions =
        [
            ("FIRST_NAME", "Nombre", person.FirstName), ("LAST_NAME", "Apellidos", person.LastName),
            ("EMAIL", "Correo electrónico", person.Email), ("PHONE_NUMBER", "Teléfono", person.Phone),
            ("COMPANY_NAME", "Empresa", person.Company), ("JOB_TITLE", "Cargo", person.Title), ("CITY", "Ciudad", person.City),
            ("COUNTRY", "País", person.Country), ("LINKEDIN_PROFILE_LINK", "Perfil", person.LinkedinUrl),
        ];
        return new
        {
            id = $"249592fc-{person.Index:D4}-6",
            leadType = "SPONSORED",
            submittedAt = at,
            testLead = person.Index % 20 == 19,
            owner = new { sponsoredAccount = "urn:li:sponsoredAccount:1" },
            submitter = $"urn:li:person:sandbox{person.Index}",
            versionedLeadGenFormUrn = "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:7234246,1)",
            formResponse = new
            {
                // In another order than the questions.
                answers = questions.Select((question, i) => new { questionId = 100 + i, answerDetails = new { textQuestionAnswer = new { answer = question.Answer } } })
                    .Append(new { questionId = 200, answerDetails = new { textQuestionAnswer = new { answer = "50-100" } } })
                    .Reverse(),
                consentResponses = new[] { new { consentId = 1, accepted = true } },
            },
            form = new
            {
                id = 7234246,
                name = "Formulario",
                hiddenFields = new[] { new { name = "campaign", value = "sandbox" } },
                content = new
                {
                    questions = questions
                        .Select((question, i) => (object)new { questionId = 100 + i, name = question.Label, predefinedField = question.Field, question = new { localized = new { es_ES = question.Label } } })
                        .Append(
                            new
                            {
                                questionId = 200,
                                name = "Tamaño",
                                question = new { localized = new { es_ES = "¿Cuántos empleados?" } },
                            }),
                },
            },
        };
    }

    private static Task ErrorAsync(HttpContext context, int status, string code) =>
        SandboxServer.JsonAsync(context, new { status, serviceErrorCode = 65601, code, message = "The request is refused." }, status);

    [GeneratedRegex(@"owner=\(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A\d+\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Owner();

    [GeneratedRegex(@"submittedAtTimeRange=\(start:(?<start>\d+),end:(?<end>\d+)\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Range();

    [GeneratedRegex(@"^20\d{4}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Version();
}
