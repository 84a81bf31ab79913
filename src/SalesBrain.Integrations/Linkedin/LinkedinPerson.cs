using System.Text.Json;
using SalesBrain.Integrations.Json;
using SalesBrain.Integrations.People;

namespace SalesBrain.Integrations.Linkedin;

/// <summary>Reads the answers of a lead form. A question is known by its predefined field: its label is in the form's language.</summary>
internal static class LinkedinPerson
{
    /// <summary>The person; null if the lead has no id.</summary>
    internal static SourcePerson? Read(JsonElement lead)
    {
        if (PersonText.ExternalId(lead.Text("id")) is not { } id)
        {
            return null;
        }
        var form = lead.Member("form");
        var questions = form.Member("content").Member("questions").Items()
            .Where(question => question.Text("questionId") is not null)
            .DistinctBy(question => question.Text("questionId"))
            .ToDictionary(question => question.Text("questionId")!, StringComparer.Ordinal);
        var (fields, others) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var answer in lead.Member("formResponse").Member("answers").Items())
        {
            if (Text(answer) is not { } text || answer.Text("questionId") is not { } question)
            {
                continue;
            }
            if (questions.TryGetValue(question, out var asked) && asked.Text("predefinedField") is { } field)
            {
                fields.TryAdd(field, text);
            }
            else
            {
                others.TryAdd(questions.TryGetValue(question, out asked) ? asked.Text("name") ?? question : question, text);
            }
        }
        var country = PersonText.Name(fields.GetValueOrDefault("COUNTRY"));
        return new SourcePerson(
            id, PersonText.Email(fields.GetValueOrDefault("EMAIL") ?? fields.GetValueOrDefault("WORK_EMAIL")), false,
            PersonText.Name(fields.GetValueOrDefault("FIRST_NAME")), PersonText.Name(fields.GetValueOrDefault("LAST_NAME")),
            PersonText.Name(fields.GetValueOrDefault("COMPANY_NAME")), PersonText.Name(fields.GetValueOrDefault("JOB_TITLE")),
            PersonText.Phone(
                fields.GetValueOrDefault("PHONE_NUMBER") ?? fields.GetValueOrDefault("WORK_PHONE_NUMBER"), Countries.CodeOf(country)),
            PersonText.LinkedinUrl(fields.GetValueOrDefault("LINKEDIN_PROFILE_LINK")), PersonText.Name(fields.GetValueOrDefault("CITY")),
            PersonText.Name(fields.GetValueOrDefault("STATE")), country,
            PersonText.Data(
                [
                    PersonText.Member("form", form.Text("name")),
                    PersonText.Member("form_id", form.Text("id")),
                    PersonText.Member("submitted_at", SubmittedAt(lead)),
                    PersonText.Member("answers", others.Count == 0 ? null : JsonSerializer.SerializeToElement(others)),
                    PersonText.Member("hidden_fields", form.Member("hiddenFields")),
                    PersonText.Member("consents", lead.Member("formResponse").Member("consentResponses")),
                ]));
    }

    private static string? Text(JsonElement answer)
    {
        var details = answer.Member("answerDetails");
        return details.Member("textQuestionAnswer").Text("answer")
            ?? (details.Member("multipleChoiceAnswer").Member("options").Items().ToList() is { Count: > 0 } options
                ? string.Join(", ", options.Select(option => option.ToString()))
                : null);
    }

    private static string? SubmittedAt(JsonElement lead) =>
        lead.Number("submittedAt") is { } milliseconds and > 0 and < 253_402_300_799_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")
            : null;
}
