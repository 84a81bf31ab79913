using System.Text.Json;
using SalesBrain.Integrations.Json;
using SalesBrain.Integrations.People;

namespace SalesBrain.Integrations.Zoominfo;

/// <summary>Reads a person of either API. The do-not-call flags stay with the person's data.</summary>
internal static class ZoominfoPerson
{
    private static readonly string[] Kept =
    [
        "directPhoneDoNotCall", "mobilePhoneDoNotCall", "contactAccuracyScore", "withinEu", "withinCalifornia", "lastUpdatedDate",
        "validDate", "hasEmail", "hasDirectPhone", "hasMobilePhone", "phone", "mobilePhone",
    ];

    /// <summary>The person; null if there is nothing that identifies one.</summary>
    internal static SourcePerson? Read(JsonElement person)
    {
        if (PersonText.ExternalId(person.Text("id")) is not { } id)
        {
            return null;
        }
        var company = person.Member("company");
        var country = PersonText.Name(person.Text("country"));
        var code = Countries.CodeOf(country);
        return new SourcePerson(
            id, PersonText.Email(person.Text("email")), false, PersonText.Name(person.Text("firstName")),
            PersonText.Name(person.Text("lastName")), PersonText.Name(company.Text("name") ?? person.Text("companyName")),
            PersonText.Name(person.Text("jobTitle")), Phone(person, code), Linkedin(person), PersonText.Name(person.Text("city")),
            PersonText.Name(person.Text("state") ?? person.Text("region")), country,
            PersonText.Data([.. Kept.Select(name => PersonText.Member(name, person.Member(name))), PersonText.Member("company_id", company.Text("id"))]));
    }

    /// <summary>The mobile number, unless it is on a do-not-call list and the direct number is not.</summary>
    private static string? Phone(JsonElement person, string? country)
    {
        var mobile = PersonText.Phone(person.Text("mobilePhone"), country);
        var direct = PersonText.Phone(person.Text("phone"), country);
        return mobile is null || (direct is not null && person.Bool("mobilePhoneDoNotCall") is true && person.Bool("directPhoneDoNotCall") is not true) ? direct : mobile;
    }

    private static string? Linkedin(JsonElement person) =>
        person.Member("externalUrls").Items().Select(url => PersonText.LinkedinUrl(url.ValueKind == JsonValueKind.String ? url.GetString() : url.Text("url")))
            .FirstOrDefault(url => url is not null);
}
