using System.ComponentModel.DataAnnotations;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;

namespace SalesBrain.Functions.Http.Paging;

/// <summary>A list that can be read on from where a page ended.</summary>
public interface ICursorList
{
    string? Cursor { get; }
}

/// <summary>
/// The parameters of every admin list: <c>limit</c>, and the start of the page by <c>offset</c> or <c>cursor</c>. An input that already has
/// a base class implements this interface and validates with <see cref="PageRules.Check(IAdminList)"/>; all others derive from
/// <see cref="AdminList"/>.
/// </summary>
public interface IAdminList : ICursorList
{
    int Limit { get; }

    int Offset { get; }
}

/// <inheritdoc cref="IAdminList"/>
public abstract record AdminList : IAdminList, IValidatableObject
{
    /// <summary>Rows per page.</summary>
    [Range(1, PageRules.MaxLimit)]
    public int Limit { get; init; } = PageRules.DefaultLimit;

    /// <summary>Rows to skip. For pages beyond the first 10,000 rows, and for lists that grow meanwhile, use cursor.</summary>
    [Range(0, int.MaxValue, ErrorMessage = PageRules.NegativeOffset)]
    [Accepts(Maximum = BoundedCount.Limit - 1)]
    public int Offset { get; init; }

    /// <summary>The <c>next_cursor</c> of the previous page. Send the same filters.</summary>
    [StringLength(PageRules.MaxCursorLength)]
    [Accepts(Pattern = PageRules.CursorPattern)]
    public string? Cursor { get; init; }

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => PageRules.Check(this);
}
