// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"errors"
	"image/color"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Size of a panel.
const (
	panelWidth  = 4 * vg.Inch
	panelHeight = 3.4 * vg.Inch
)

// colors that people who are colour-blind can tell apart (Okabe and Ito).
var colors = []color.RGBA{
	{R: 0, G: 114, B: 178, A: 255}, {R: 213, G: 94, B: 0, A: 255}, {R: 0, G: 158, B: 115, A: 255}, {R: 204, G: 121, B: 167, A: 255},
}

// svg is the figure with at most two panels in a row.
func (f Figure) svg() ([]byte, error) {
	if len(f.Panels) == 0 {
		return nil, errors.New("a figure without panels")
	}
	columns := min(len(f.Panels), 2)
	var rows [][]*plot.Plot
	for panels := range slices.Chunk(f.Panels, columns) {
		row := make([]*plot.Plot, columns)
		for i, panel := range panels {
			p, err := panel.plot()
			if err != nil {
				return nil, err
			}
			row[i] = p
		}
		rows = append(rows, row)
	}
	canvas := vgsvg.New(panelWidth*vg.Length(columns), panelHeight*vg.Length(len(rows)))
	const pad = 4 * vg.Millimeter
	tiles := draw.Tiles{
		Rows: len(rows), Cols: columns, PadX: pad, PadY: pad, PadTop: pad, PadBottom: pad / 2, PadLeft: pad / 2, PadRight: pad,
	}
	placed := plot.Align(rows, tiles, draw.New(canvas))
	for y, row := range rows {
		for x, p := range row {
			if p != nil {
				p.Draw(placed[y][x])
			}
		}
	}
	var out bytes.Buffer
	_, err := canvas.WriteTo(&out)
	return out.Bytes(), err
}

func (panel Panel) plot() (*plot.Plot, error) {
	p := plot.New()
	p.BackgroundColor = color.White
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = panel.Title, panel.XLabel, panel.YLabel
	p.Legend.Top, p.Legend.Left = true, true
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, panel.ticks()
	if panel.LogY {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	}
	p.Add(plotter.NewGrid())
	for i, series := range panel.Series {
		if err := series.add(p, colors[i%len(colors)]); err != nil {
			return nil, err
		}
	}
	if panel.Limit > 0 {
		limit := plotter.NewFunction(func(float64) float64 { return panel.Limit })
		limit.Dashes = []vg.Length{vg.Points(5), vg.Points(3)}
		limit.Color = color.Gray{Y: 90}
		p.Add(limit)
		p.Legend.Add(panel.LimitName, limit)
		p.Y.Max = max(p.Y.Max, panel.Limit)
	}
	if panel.LogY { // whole decades, so that there are labels
		p.Y.Min = math.Pow(10, math.Floor(math.Log10(p.Y.Min)))
		p.Y.Max = math.Pow(10, math.Ceil(math.Log10(p.Y.Max)))
	} else {
		p.Y.Min = 0
		p.Y.Max *= 1.35 // room for the legend
	}
	return p, nil
}

// ticks are the values of x that were measured.
func (panel Panel) ticks() plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for _, series := range panel.Series {
		for _, point := range series.Points {
			tick := plot.Tick{Value: point.X, Label: strconv.FormatFloat(point.X, 'f', -1, 64)}
			if !slices.Contains(ticks, tick) {
				ticks = append(ticks, tick)
			}
		}
	}
	return ticks
}

func (s Series) add(p *plot.Plot, c color.Color) error {
	if len(s.Points) == 0 {
		return errors.New("a line without points: " + s.Name)
	}
	line, points, err := plotter.NewLinePoints(s)
	if err != nil {
		return err
	}
	bars, err := plotter.NewYErrorBars(s)
	if err != nil {
		return err
	}
	line.Color, points.Color, bars.Color = c, c, c
	line.Width = vg.Points(1.5)
	points.Shape = draw.CircleGlyph{}
	p.Add(line, points, bars)
	p.Legend.Add(s.Name, line, points)
	return nil
}

// Len, XY and YError are what the plotters ask for: the number of points.
func (s Series) Len() int { return len(s.Points) }

// XY is a point.
func (s Series) XY(i int) (x, y float64) { return s.Points[i].X, s.Points[i].Y }

// YError is how far least and most lie from it.
func (s Series) YError(i int) (below, above float64) {
	point := s.Points[i]
	return point.Y - point.Min, point.Max - point.Y
}
