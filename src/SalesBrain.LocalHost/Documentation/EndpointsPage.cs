using System.Text;
using SalesBrain.LocalHost.Hosting;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>Writes <c>docs/endpoints.md</c>: every HTTP function and every timer in tables.</summary>
internal static class EndpointsPage
{
    internal static string Write(
        IReadOnlyList<DocumentedEndpoint> endpoints, IReadOnlyList<TimerFunction> timers, IReadOnlyDictionary<string, string> settings, XmlComments comments)
    {
        var page = new StringBuilder();
        page.Append("# Endpoints\n\n").Append(DocumentationPages.GeneratedNote).Append("\n\n");
        page.Append(
            "The complete contract, with requests and responses, is [openapi.json](openapi.json), shown at `/api/docs`. Problem codes are "
            + "in [problems.md](problems.md).\n");
        foreach (var area in endpoints.GroupBy(endpoint => endpoint.About.Tag).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            page.Append($"\n## {area.Key}\n\n| method | path | function | who may call | |\n| --- | --- | --- | --- | --- |\n");
            foreach (var endpoint in area.OrderBy(endpoint => endpoint.Path, StringComparer.Ordinal).ThenBy(endpoint => endpoint.Method, StringComparer.Ordinal))
            {
                page.Append(
                    $"| {endpoint.Method} | `{endpoint.Path}` | {endpoint.Name} | {Cell(endpoint.Caller.WhoMayCall)} | "
                    + $"{Cell(endpoint.About.Summary)} |\n");
            }
        }
        page.Append(
            "\n## Timers\n\nIn UTC. The setting is an NCRONTAB expression of six fields: second, minute, hour, day, month, weekday.\n\n");
        page.Append("| function | setting | default | in words | |\n| --- | --- | --- | --- | --- |\n");
        foreach (var timer in timers)
        {
            var setting = timer.Schedule is ['%', .. var name, '%'] ? name : null;
            var expression = setting is null ? timer.Schedule : settings.GetValueOrDefault(setting);
            page.Append(
                $"| {timer.Name} | {Code(setting)} | {Code(expression)} | "
                + $"{(expression is null ? "must be set" : CronWords.Describe(expression))} | {Cell(comments.Of(timer.ClassType) ?? "")} "
                + "|\n");
        }
        return page.ToString();
    }

    private static string Code(string? text) => text is null ? "" : $"`{text}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
