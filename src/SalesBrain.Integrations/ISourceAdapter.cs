namespace SalesBrain.Integrations;

/// <summary>Reads people from one data source of an organization.</summary>
/// <remarks>
/// An adapter is opened for one connection and one job (<see cref="ISourceAdapters.Open"/>). It holds no state between calls:
/// another instance goes on from the cursor that this one returned.
/// </remarks>
public interface ISourceAdapter
{
    /// <summary>Checks the connection without a call that the vendor bills.</summary>
    /// <returns>The outcome. A refusal by the vendor is an outcome, not an exception.</returns>
    Task<SourceTest> TestAsync(CancellationToken cancellationToken);

    /// <summary>Reads the next people.</summary>
    /// <param name="cursor">What the page before returned; null for the first page.</param>
    /// <param name="limit">The largest number of people that the caller takes. A vendor's own page limit may be lower.</param>
    /// <exception cref="SourceException">The vendor refused or did not answer in a form that the adapter understands.</exception>
    Task<SourcePage> FetchAsync(string? cursor, int limit, CancellationToken cancellationToken);
}
