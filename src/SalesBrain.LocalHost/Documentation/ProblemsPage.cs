using System.Text;
using SalesBrain.Functions.Http.Responses;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>Writes <c>docs/problems.md</c>: every problem code and the endpoints that return it.</summary>
internal static class ProblemsPage
{
    internal static string Write(IReadOnlyList<DocumentedEndpoint> endpoints)
    {
        var page = new StringBuilder();
        page.Append("# Problems\n\n").Append(DocumentationPages.GeneratedNote).Append("\n\n");
        page.Append("""
            Errors are returned as `application/problem+json` (RFC 9457). `code` is stable. `type` is `urn:salesbrain:problem:` followed by the code.
            `detail` is the text below, or a more specific one.

            | status | code | title | detail | returned by |
            | --- | --- | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        foreach (var problem in Problems.All)
        {
            page.Append(
                $"| {problem.Status} | `{problem.Code}` | {problem.Title} | {problem.Detail} | {AnsweredBy(problem, endpoints)} |\n");
        }
        return page.ToString();
    }

    private static string AnsweredBy(Problem problem, IReadOnlyList<DocumentedEndpoint> endpoints)
    {
        // Problems that most endpoints of a kind return are described by the kind.
        if (Kinds.TryGetValue(problem.Code, out var kind))
        {
            return kind;
        }
        return string.Join(
            ", ", endpoints.Where(endpoint => endpoint.Problems.Any(told => told.Code == problem.Code)).Select(endpoint => endpoint.Name));
    }

    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        [Problems.Unauthorized.Code] = "endpoints that require a signed-in caller",
        [Problems.Forbidden.Code] = "endpoints that require a signed-in caller",
        [Problems.CallerUndeclared.Code] = "no endpoint of this build; only a function that does not declare who may call it",
        [Problems.NotFound.Code] = "endpoints with an id in the path",
        [Problems.NotJson.Code] = "endpoints with a body",
        [Problems.NotAnObject.Code] = "endpoints with a body",
        [Problems.ContactHasOwner.Code] = "AssignContacts; AssignContacts and AutoAssignContacts in failed_items",
        [Problems.NobodyEligible.Code] = "AutoAssignContacts in failed_items",
        [Problems.PayloadTooLarge.Code] = "endpoints with a body",
        [Problems.UnsupportedMediaType.Code] = "endpoints with a body",
        [Problems.Invalid.Code] = "endpoints with input",
        [Problems.Internal.Code] = "every endpoint",
        [Problems.DatabaseUnavailable.Code] = "every endpoint",
        [Problems.TimedOut.Code] = "every endpoint",
    };
}
