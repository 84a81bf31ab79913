using System.Text.Json;

namespace SalesBrain.Integrations;

/// <summary>The adapters of all source types.</summary>
public interface ISourceAdapters
{
    /// <summary>Checks the form of a source's settings, without a call to the vendor. Returns every problem at once.</summary>
    /// <param name="credentials">The credentials as the caller sent them; null when the source has none.</param>
    IReadOnlyList<SourceFormProblem> Check(SourceType type, JsonElement config, JsonElement? credentials);

    /// <summary>Checks what a job asks of its source, without a call to the vendor. Returns every problem at once.</summary>
    IReadOnlyList<SourceFormProblem> CheckRequest(SourceType type, JsonElement config, SourceRequest request);

    /// <summary>Opens the adapter of a connection. The form was checked by <see cref="Check"/> when the source was stored.</summary>
    ISourceAdapter Open(SourceConnection connection);
}
