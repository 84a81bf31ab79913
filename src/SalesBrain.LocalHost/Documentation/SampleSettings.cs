using System.Text.Json;
using SalesBrain.LocalHost.Hosting;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>The settings of <c>local.settings.sample.json</c>, whose schedules are the documented defaults.</summary>
internal sealed class SampleSettings
{
    internal const string FileName = "local.settings.sample.json";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);

    internal SampleSettings(string repository)
    {
        var path = Path.Combine(repository, FileName);
        if (!File.Exists(path))
        {
            return;
        }
        using var file = JsonDocument.Parse(File.ReadAllText(path), Lenient);
        foreach (var value in file.RootElement.GetProperty("Values").EnumerateObject())
        {
            _values[value.Name] = value.Value.ToString();
        }
    }

    /// <summary>The setting that a timer's schedule comes from, if any, and the schedule, if the setting has a default.</summary>
    internal (string? Setting, string? Expression) ScheduleOf(TimerFunction timer) =>
        timer.Schedule is ['%', .. var setting, '%'] ? (setting, _values.GetValueOrDefault(setting)) : (null, timer.Schedule);
}
